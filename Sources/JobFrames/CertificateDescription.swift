// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The facts of one certificate, as `eonay-token` read them.
///
/// Times are seconds since 1970-01-01 UTC. Whether the certificate is good at a moment is judged by `eonayd`, not here.
public struct CertificateDescription: Codable, Sendable, Equatable {
    /// SHA-256 of the DER form, in lower-case hexadecimal.
    public var id: String
    /// The holder's name, identity numbers masked; empty where the subject says nothing.
    public var holder: String
    /// The first three digits of the identity number and "*"; empty where there is none.
    public var maskedIdentity: String
    /// SHA-256 of salt and identity number: equal for the same person; empty where there is no number.
    public var identityKey: [UInt8]
    /// The subject's distinguished name, identity numbers masked.
    public var subject: String
    /// The issuer's common name, else its whole name.
    public var issuer: String
    /// The identifier of the issuer's key in lower-case hexadecimal; empty where the certificate has none.
    public var issuerKey: String
    /// Serial number in lower-case hexadecimal.
    public var serialNumber: String
    /// First second of validity.
    public var notBefore: Int64
    /// Last second of validity.
    public var notAfter: Int64
    /// "rsa-2048", "ec-p256" and the like, as in the bus contract.
    public var keyType: String
    /// Whether the certificate itself says that it is a qualified one (NES).
    public var qualified: Bool
    public var kind: CertificateKind
    /// The hindrances to its use, at any time.
    public var hindrances: [ErrorName]
    /// Everything that keeps it from being qualified.
    public var reasons: [QualificationReason]
    /// OIDs of its policies.
    public var policies: [String]
    /// The user notice of its policy.
    public var policyNotice: String
    /// QC statements as OID or OID=text.
    public var qcStatements: [String]
    /// Key usages by their names in RFC 5280, such as "nonRepudiation".
    public var keyUsage: [String]
    /// Addresses of OCSP responders.
    public var ocsp: [String]
    /// Addresses of revocation lists.
    public var crl: [String]
    /// Whether it says that it is a test certificate.
    public var isTest: Bool
    /// The kind of the identity number.
    public var identityKind: IdentityKind
    /// How much a transaction may be worth, such as "1500 TRY".
    public var limits: [String]
    /// OIDs of extensions that could not be read.
    public var unreadableExtensions: [String]

    /// Creates the value from its fields.
    public init(
        id: String, holder: String, maskedIdentity: String, identityKey: [UInt8], subject: String, issuer: String,
        issuerKey: String = "", serialNumber: String, notBefore: Int64, notAfter: Int64, keyType: String,
        qualified: Bool, kind: CertificateKind = .nes, hindrances: [ErrorName], reasons: [QualificationReason],
        policies: [String], policyNotice: String,
        qcStatements: [String],
        keyUsage: [String], ocsp: [String], crl: [String], isTest: Bool,
        identityKind: IdentityKind = .none, limits: [String] = [], unreadableExtensions: [String] = []
    ) {
        self.id = id
        self.holder = holder
        self.maskedIdentity = maskedIdentity
        self.identityKey = identityKey
        self.subject = subject
        self.issuer = issuer
        self.issuerKey = issuerKey
        self.serialNumber = serialNumber
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.keyType = keyType
        self.qualified = qualified
        self.kind = kind
        self.hindrances = hindrances
        self.reasons = reasons
        self.policies = policies
        self.policyNotice = policyNotice
        self.qcStatements = qcStatements
        self.keyUsage = keyUsage
        self.ocsp = ocsp
        self.crl = crl
        self.isTest = isTest
        self.identityKind = identityKind
        self.limits = limits
        self.unreadableExtensions = unreadableExtensions
    }
}
