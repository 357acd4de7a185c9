// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The addresses in a certificate at which its issuer can be asked; an absent one is left out of the certificate.
public struct AuthorityAddresses: Sendable {
    public var ocsp: String?
    public var crl: String?
    /// The address of the issuer's own certificate.
    public var issuer: String?

    public init(ocsp: String? = nil, crl: String? = nil, issuer: String? = nil) {
        self.ocsp = ocsp
        self.crl = crl
        self.issuer = issuer
    }
}
