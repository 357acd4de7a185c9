// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One certificate on a card, with its key or, like a certificate that was only copied there, without.
public struct CardContent: Sendable {
    /// DER; or anything else, which the card stores and hands out all the same.
    public var certificate: [UInt8]
    public var key: SigningKey?
    /// The names of the two objects in PKCS#15.
    public var label: String

    public init(certificate: [UInt8], key: SigningKey? = nil, label: String = "NES") {
        self.certificate = certificate
        self.key = key
        self.label = label
    }

    /// A certificate of the bench's own authority with its key.
    public init(_ issued: IssuedCertificate, label: String = "NES") {
        self.init(certificate: issued.certificate, key: issued.key, label: label)
    }
}
