// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a certificate says of where its issuer can be asked; an absent one is left out of the certificate.
public struct AuthorityAddresses: Sendable {
    public var ocsp: String?
    public var crl: String?
    /// Where the issuer's own certificate lies.
    public var issuer: String?

    public init(ocsp: String? = nil, crl: String? = nil, issuer: String? = nil) {
        self.ocsp = ocsp
        self.crl = crl
        self.issuer = issuer
    }
}
