// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// The facts of a certificate that E-Onay needs, looked up by object identifier, never by place.
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
    /// The name of its holder.
    public let subject: DistinguishedName
    /// The name of its issuer.
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
    /// The statements that make it a qualified certificate, or restrict it.
    public let statements: [QCStatement]
    /// Addresses of OCSP responders (http and https only), in the certificate's order.
    public let ocsp: [String]
    /// Addresses of revocation lists (http and https only).
    public let crl: [String]
    /// Addresses of the issuer's certificate (http and https only).
    public let issuerCertificates: [String]
    /// basicConstraints says that it may issue certificates.
    public let isAuthority: Bool
    /// The number of authorities that may stand between this one and a leaf; nil for any number.
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

extension CertificateFacts {
    /// SHA-256 of salt and identity number: equal for certificates of one person, and says nothing without the salt.
    /// Empty where the certificate bears no number.
    public func personKey(salt: [UInt8]) -> [UInt8] {
        identity.map { Digest.sha256.hash(salt + Array($0.utf8)) } ?? []
    }

    /// A text of the certificate with its own identity number masked; other numbers are the caller's to mask.
    public func maskingIdentity(in text: String) -> String {
        guard let identity, identity.count > 3 else { return text }
        return text.replacing(identity, with: maskedIdentity)
    }
}

extension CertificateFacts {
    /// Reads one certificate in DER, or every certificate in a PEM text, in its order.
    ///
    /// Throws where there is none, or where any of them cannot be read.
    public static func readAll(_ bytes: [UInt8]) throws(CertificateError) -> [CertificateFacts] {
        guard bytes.first != DERTag.sequence else { return [try read(der: bytes)] }
        let blocks = try PEM.blocks(bytes).filter { PEM.certificateLabels.contains($0.label) }
        guard !blocks.isEmpty else { throw CertificateError(code: .badArmour, detail: "no certificate") }
        var all: [CertificateFacts] = []
        for block in blocks { all.append(try read(der: block.der)) }
        return all
    }
}

/// The certificates that travel with a signature, read as far as they can be.
struct CertificateBag {
    private(set) var facts: [CertificateFacts] = []
    private(set) var hasUnreadable = false

    init(_ certificates: [[UInt8]]) {
        for der in certificates {
            do throws(CertificateError) {
                facts.append(try CertificateFacts.read(der: der))
            } catch {
                hasUnreadable = true
            }
        }
    }
}

/// Why bytes are no certificate that can be read.
public struct CertificateError: Error, Sendable, Equatable {
    /// The kind of the error, to act on.
    public enum Code: String, Sendable {
        /// More than `CertificateFacts.maximumLength` octets.
        case tooLarge = "too-large"
        /// No X.509 certificate in DER, or one that ends too early.
        case malformed = "malformed"
        /// PEM armour that holds no certificate, or whose base64 is broken.
        case badArmour = "bad-armour"
        /// libcrypto could not read what this library could.
        case refused = "refused"
    }

    /// The kind of the error, to act on.
    public let code: Code

    /// The field at which reading stopped, for a developer: "validity", "subject". Never holds certificate content.
    public let detail: String

    /// Equal by code: the detail is for logs.
    public static func == (left: CertificateError, right: CertificateError) -> Bool {
        left.code == right.code
    }
}

/// Reads a certificate's fields (RFC 5280, 4.1) and hands its extensions to `CertificateExtensions`.
struct CertificateReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func facts() throws(CertificateError) -> CertificateFacts {
        guard bytes.count <= CertificateFacts.maximumLength else { throw CertificateError(code: .tooLarge, detail: "") }
        let certificate = try part("certificate") { () throws(DERError) in try outermost() }
        var body = try part("certificate") { () throws(DERError) in
            var reader = DERReader(certificate.content)
            let body = try reader.next(DERTag.sequence)
            _ = try reader.next(DERTag.sequence)
            _ = try reader.next(DERTag.bitString)
            try reader.expectEnd()
            return DERReader(body.content)
        }
        let serial = try part("serial number") { () throws(DERError) in
            _ = try body.optional(DERTag.contextConstructed(0))
            let serial = try body.integerOctets()
            _ = try body.next(DERTag.sequence)
            return serial
        }
        let issuer = try part("issuer") { () throws(DERError) in try DistinguishedName(body.next(DERTag.sequence)) }
        let (notBefore, notAfter) = try part("validity") { () throws(DERError) in
            var validity = DERReader(try body.next(DERTag.sequence).content)
            return (try validity.time(), try validity.time())
        }
        let subject = try part("subject") { () throws(DERError) in try DistinguishedName(body.next(DERTag.sequence)) }
        let key = try part("public key") { () throws(DERError) in try body.next(DERTag.sequence).encoding }
        let extensions = try part("extensions") { () throws(DERError) in
            _ = try body.optional(DERTag.context(1))
            _ = try body.optional(DERTag.context(2))
            let extensions = try CertificateExtensions(body.optional(DERTag.contextConstructed(3)))
            try body.expectEnd()
            return extensions
        }
        let der = Array(certificate.encoding)
        return CertificateFacts(
            der: der, id: Hexadecimal.text(Digest.sha256.hash(der)), subject: subject, issuer: issuer,
            serialNumber: Hexadecimal.text(serial.count > 1 && serial.first == 0 ? serial.dropFirst() : serial),
            notBefore: notBefore, notAfter: notAfter, keyType: PublicKeyInfo(der: key)?.keyType ?? .other,
            keyUsage: extensions.keyUsage, extendedKeyUsage: extensions.extendedKeyUsage, policies: extensions.policies,
            statements: extensions.statements, ocsp: extensions.ocsp, crl: extensions.crl,
            issuerCertificates: extensions.issuerCertificates, isAuthority: extensions.isAuthority,
            pathLength: extensions.pathLength, isTest: extensions.speaksOfTests || Self.isTest(subject, issuer),
            subjectKeyIdentifier: extensions.subjectKeyIdentifier,
            authorityKeyIdentifier: extensions.authorityKeyIdentifier, unreadableExtensions: extensions.unreadable,
            unknownCriticalExtensions: extensions.unknownCritical,
            distributionPoints: extensions.distributionPoints, publicKeyInfo: Array(key),
            serialOctets: Array(serial))
    }

    /// The certificate's element; what follows it may only be the padding of a card's fixed-length file.
    private func outermost() throws(DERError) -> DERElement {
        var reader = DERReader(bytes[...])
        let element = try reader.next(DERTag.sequence)
        guard reader.rest.allSatisfy({ $0 == 0 }) else { throw DERError(.trailingBytes) }
        return element
    }

    private func part<Value>(
        _ name: String, _ read: () throws(DERError) -> Value
    ) throws(CertificateError) -> Value {
        do throws(DERError) {
            return try read()
        } catch {
            throw CertificateError(code: .malformed, detail: "\(name): \(error.code)")
        }
    }

    /// Kamu SM ends the common names of its test authorities so.
    private static func isTest(_ names: DistinguishedName...) -> Bool {
        names.contains { $0.commonName?.contains("- TEST") == true }
    }
}
