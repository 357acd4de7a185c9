// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The purpose that a certificate was issued for, by its policies, its statements and its key's use. The raw value is the word of the bus.
public enum CertificateKind: String, Codable, CaseIterable, Sendable {
    /// A person's qualified certificate (NES).
    case nes
    /// A person's qualified certificate in a telephone.
    case mobileNES = "mobile-nes"
    /// A company's seal for its invoices and ledgers (mali mühür).
    case seal
    /// An institution's electronic seal (e-mühür).
    case eSeal = "e-seal"
    case authentication
    case encryption
    case other

    /// Whether it is a person's qualified certificate: nothing else can give E-Onay.
    public var isNES: Bool { self == .nes || self == .mobileNES }

    /// The kinds that are reminded of where nothing is configured: the end of a seal stops a company's invoices at midnight.
    public static let usuallyReminded: Set = [CertificateKind.nes, .mobileNES, .seal]
}
