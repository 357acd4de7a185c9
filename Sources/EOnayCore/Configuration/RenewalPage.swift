// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Where certificates of an issuer are renewed.
public struct RenewalPage: Sendable, Equatable {
    /// A part of the issuer's name.
    public let issuerPart: String
    /// An https address.
    public let address: String

    public init(issuerPart: String, address: String) {
        self.issuerPart = issuerPart
        self.address = address
    }

    /// Kamu SM's, known without configuration.
    public static let known = [
        RenewalPage(issuerPart: "Kamu Elektronik Sertifika Hizmet Sağlayıcısı", address: kamuSM),
        RenewalPage(issuerPart: "Kamu SM", address: kamuSM),
    ]

    private static let kamuSM = "https://onlineislemler.kamusm.gov.tr/"
}
