// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How a caller names a certificate: its id, a unique prefix of it of at least eight digits, or "" for the one that
/// can do it.
public enum CertificateReference {
    /// The id that `text` means among those known.
    ///
    /// Throws `invalidArgument` for what is neither, `noCertificate` where nothing fits, `ambiguousCertificate` where
    /// more than one does. `canDoIt` is asked only for "".
    public static func resolve(
        _ text: String, among known: some Sequence<String>, whereAble canDoIt: (String) -> Bool
    ) throws(ErrorName) -> String {
        let fitting: [String]
        if text.isEmpty {
            fitting = known.filter(canDoIt)
        } else {
            guard (8...64).contains(text.utf8.count), text.utf8.allSatisfy(isLowerHex) else {
                throw .invalidArgument
            }
            fitting = known.filter { $0.hasPrefix(text) }
        }
        guard let first = fitting.first else { throw .noCertificate }
        guard fitting.count == 1 else { throw .ambiguousCertificate }
        return first
    }

    private static func isLowerHex(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x61...0x66).contains(octet)
    }
}
