// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A caller's name for a certificate: its id, a unique prefix of it of at least eight digits, or "" for the only one.
public enum CertificateReference {
    /// The id that `text` means among those known.
    ///
    /// Throws `invalidArgument` for what is neither, `noCertificate` where nothing fits, `ambiguousCertificate` where
    /// more than one does.
    public static func resolve(_ text: String, among known: some Sequence<String>) throws(ErrorName) -> String {
        guard text.isEmpty || isPrefix(text) else { throw .invalidArgument }
        let fitting = known.filter { $0.hasPrefix(text) }
        guard let first = fitting.first else { throw .noCertificate }
        guard fitting.count == 1 else { throw .ambiguousCertificate }
        return first
    }

    /// Whether this can be an id, or enough of its beginning: 8 to 64 lower-case hexadecimal digits.
    public static func isPrefix(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
