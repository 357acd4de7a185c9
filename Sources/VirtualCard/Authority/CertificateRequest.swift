// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A test's request for a certificate.
public struct CertificateRequest: Sendable {
    public var holder: Holder
    public var kind: CertificateKind
    public var keyType: CardKeyType
    /// Seconds since 1970, UTC; the kind's own where nil.
    public var notBefore: Int64?
    /// Seconds since 1970, UTC; 1095 days after the beginning where nil.
    public var notAfter: Int64?
    /// A key that exists; a new one of `keyType` where nil.
    public var key: SigningKey?
    /// A whole subject, DER, in place of the holder's; one with no name, say.
    public var subject: [UInt8]?

    public init(
        _ kind: CertificateKind = .nes, for holder: Holder = .sukru, keyType: CardKeyType = .rsa2048,
        notBefore: Int64? = nil, notAfter: Int64? = nil, key: SigningKey? = nil, subject: [UInt8]? = nil
    ) {
        self.kind = kind
        self.holder = holder
        self.keyType = key?.type ?? keyType
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.key = key
        self.subject = subject
    }
}
