// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate of the bench with the private key that belongs to it.
public struct IssuedCertificate: Sendable {
    /// DER.
    public let certificate: [UInt8]
    public let key: SigningKey

    public init(certificate: [UInt8], key: SigningKey) {
        self.certificate = certificate
        self.key = key
    }

    /// The certificate as PEM.
    public var pem: String { PEM.encode(certificate, label: "CERTIFICATE") }
}
