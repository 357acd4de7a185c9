// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a certificate's key may be used for (RFC 5280, 4.2.1.3).
public struct KeyUsage: OptionSet, Sendable, Hashable {
    /// Bit n is the standard's bit n.
    public let rawValue: UInt32

    /// From the standard's bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Signatures other than those on certificates and lists.
    public static let digitalSignature = KeyUsage(rawValue: 1 << 0)
    /// Also called contentCommitment: the key makes signatures that its holder answers for.
    public static let nonRepudiation = KeyUsage(rawValue: 1 << 1)
    /// Enciphers keys.
    public static let keyEncipherment = KeyUsage(rawValue: 1 << 2)
    /// Enciphers data without a key in between.
    public static let dataEncipherment = KeyUsage(rawValue: 1 << 3)
    /// Agrees on keys.
    public static let keyAgreement = KeyUsage(rawValue: 1 << 4)
    /// Signs certificates.
    public static let keyCertSign = KeyUsage(rawValue: 1 << 5)
    /// Signs revocation lists.
    public static let crlSign = KeyUsage(rawValue: 1 << 6)
    /// With keyAgreement: for enciphering only.
    public static let encipherOnly = KeyUsage(rawValue: 1 << 7)
    /// With keyAgreement: for deciphering only.
    public static let decipherOnly = KeyUsage(rawValue: 1 << 8)

    private static let all = [
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
        "cRLSign", "encipherOnly", "decipherOnly",
    ]

    /// The names of the standard, in its order.
    public var names: [String] {
        Self.all.indices.filter { rawValue & (1 << UInt32($0)) != 0 }.map { Self.all[$0] }
    }
}
