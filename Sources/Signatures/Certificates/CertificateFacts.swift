// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What E-Onay needs to know of a certificate, looked up by object identifier, never by place.
///
/// A value without any handle: reading is the only thing that can fail. One bad extension does not make a certificate
/// unreadable: it is left out of the facts and named in `unreadableExtensions`.
public struct CertificateFacts: Sendable, Hashable {
    /// Longer input is refused unread.
    public static let maximumLength = 256 * 1024

    /// The certificate itself; octets after its end are not part of it.
    public let der: [UInt8]
    /// Lower-case hexadecimal SHA-256 of `der`: the certificate's name on the bus.
    public let id: String
    /// Whom it names.
    public let subject: DistinguishedName
    /// Who issued it.
    public let issuer: DistinguishedName
    /// Lower-case hexadecimal, whole octets, without the sign octet of DER.
    public let serialNumber: String
    /// First second of validity, UTC seconds since 1970.
    public let notBefore: Int64
    /// Last second of validity, UTC seconds since 1970.
    public let notAfter: Int64
    /// Algorithm and length of the key.
    public let keyType: KeyType
    /// nil where the extension is missing or unreadable.
    public let keyUsage: KeyUsage?
    /// In dotted decimal; empty where the extension is missing.
    public let extendedKeyUsage: [String]
    /// The policies it was issued under, with what is said about them.
    public let policies: [CertificatePolicy]
    /// What makes it a qualified certificate, or restricts it.
    public let statements: [QCStatement]
    /// Where to ask for the certificate's state (http and https only), in the certificate's order.
    public let ocsp: [String]
    /// Where to fetch revocation lists (http and https only).
    public let crl: [String]
    /// Where to fetch the issuer's certificate (http and https only).
    public let issuerCertificates: [String]
    /// basicConstraints says that it may issue certificates.
    public let isAuthority: Bool
    /// How many authorities may stand between this one and a leaf; nil for any number.
    public let pathLength: Int?
    /// Issued for tests: by policy, issuer's or subject's name, or its own words.
    public let isTest: Bool
    /// Empty where missing.
    public let subjectKeyIdentifier: [UInt8]
    /// Empty where missing.
    public let authorityKeyIdentifier: [UInt8]
    /// Dotted decimal of extensions that could not be read, or that occurred twice.
    public let unreadableExtensions: [String]
    /// Dotted decimal of critical extensions that nothing here knows; a chain through this certificate is refused.
    public let unknownCriticalExtensions: [String]

    /// The names that a revocation list for a part of the issuer's certificates must share one of.
    let distributionPoints: Set<DistributionPointName>
    /// SubjectPublicKeyInfo, DER.
    let publicKeyInfo: [UInt8]
    /// INTEGER content octets of the serial number, as encoded.
    let serialOctets: [UInt8]

    /// Reads an X.509 certificate from DER; zero octets after its end, as cards pad their files with, are cut off.
    ///
    /// Throws `CertificateError` for whatever is no certificate. Takes microseconds, on any thread.
    public static func read(der: [UInt8]) throws(CertificateError) -> CertificateFacts {
        try CertificateReader(der).facts()
    }

    /// Whom the certificate names: common name, else given name and surname, else pseudonym, organisation or its unit, else
    /// the whole subject; "" where that says nothing. It may hold an identity number: see `maskedSubject`.
    public var holder: String {
        func named(_ types: String...) -> String {
            types.compactMap { subject.last($0) }.filter { !Self.isBlank($0) }.joined(separator: " ")
        }
        let names = [
            named("2.5.4.3"), named("2.5.4.42", "2.5.4.4"), named("2.5.4.65"), named("2.5.4.10"), named("2.5.4.11"),
        ]
        return names.first { !$0.isEmpty } ?? (Self.isBlank(subject.text) ? "" : subject.text)
    }

    private static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace || [.control, .format].contains(scalar.properties.generalCategory)
        }
    }

    /// The identity number: the subject's serialNumber (2.5.4.5), as written; nil where there is none.
    public var identity: String? { subject.last("2.5.4.5") }

    /// The identity number with all but its first three characters replaced by "*"; "" where there is none.
    public var maskedIdentity: String {
        guard let identity else { return "" }
        return identity.prefix(3) + String(repeating: "*", count: max(0, identity.count - 3))
    }

    /// The issuer's common name, else its whole name.
    public var issuerName: String { issuer.commonName ?? issuer.text }

    /// The texts of all policies' user notices, without repetition, one per line.
    public var policyNotice: String {
        var seen: [String] = []
        for notice in policies.flatMap(\.notices) where !seen.contains(notice) { seen.append(notice) }
        return seen.joined(separator: "\n")
    }

    /// Whether subject and issuer are the same name.
    public var isSelfIssued: Bool { subject.names(issuer) }

    /// Whether an instant lies in the validity, both ends included.
    public func isValid(at time: Int64) -> Bool {
        notBefore <= time && time <= notAfter
    }
}
