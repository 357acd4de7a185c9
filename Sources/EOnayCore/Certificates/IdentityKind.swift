// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The kind of the number in a certificate's subject (serialNumber, 2.5.4.5), by its form.
///
/// The checksum is not asked: Kamu SM's test persons fail it.
public enum IdentityKind: String, Codable, Sendable, CaseIterable {
    /// T.C. Kimlik No: eleven digits.
    case citizen
    /// Yabancı Kimlik No: eleven digits that begin with 99.
    case foreigner
    /// Vergi Kimlik No: ten digits.
    case taxpayer
    /// Any other number by which a provider numbers its subjects.
    case other
    /// There is no number.
    case none

    /// The kind of a number, whole or masked (`IdentityMask`, `NationalIdentity.masked`): its first three digits are there.
    public init(_ number: String) {
        let octets = Array(number.utf8)
        // ETSI EN 319 412-1, 5.1.3: who numbers, and where, stands before the number itself.
        let prefixes = ["PNOTR-", "TINTR-", "VATTR-"].map { Array($0.utf8) }
        let digits = prefixes.first { octets.starts(with: $0) }.map { octets[$0.count...] } ?? octets[...]
        guard !octets.isEmpty else {
            self = .none
            return
        }
        let isNumber =
            digits.prefix(3).allSatisfy { (0x30...0x39).contains($0) }
            && digits.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "*") }
        switch digits.count {
        case 11 where isNumber && digits.starts(with: "99".utf8): self = .foreigner
        case 11 where isNumber && digits.first != UInt8(ascii: "0"): self = .citizen
        case 10 where isNumber: self = .taxpayer
        default: self = .other
        }
    }
}
