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
    public private(set) var keyUsage: KeyUsage?
    /// In dotted decimal; empty where the extension is missing.
    public private(set) var extendedKeyUsage: [String] = []
    /// The policies it was issued under, with what is said about them.
    public private(set) var policies: [CertificatePolicy] = []
    /// The statements that make it a qualified certificate, or restrict it.
    public private(set) var statements: [QCStatement] = []
    /// Addresses of OCSP responders (http and https only), in the certificate's order.
    public private(set) var ocsp: [String] = []
    /// Addresses of revocation lists (http and https only).
    public private(set) var crl: [String] = []
    /// Addresses of the issuer's certificate (http and https only).
    public private(set) var issuerCertificates: [String] = []
    /// basicConstraints says that it may issue certificates.
    public private(set) var isAuthority = false
    /// Issued for tests: by policy, issuer's or subject's name, or its own words.
    public private(set) var isTest = false
    /// Empty where missing.
    public private(set) var subjectKeyIdentifier: [UInt8] = []
    /// The identifier of the issuer's key; empty where missing.
    public private(set) var authorityKeyIdentifier: [UInt8] = []
    /// Dotted decimal of extensions that could not be read, or that occurred twice.
    public private(set) var unreadableExtensions: [String] = []
    /// Dotted decimal of critical extensions that nothing here knows; a chain through this certificate is refused.
    public private(set) var unknownCriticalExtensions: [String] = []

    /// The names that a revocation list for a part of the issuer's certificates must share one of.
    private(set) var distributionPoints: Set<DistributionPointName> = []
    /// SubjectPublicKeyInfo, DER.
    let publicKeyInfo: [UInt8]
    /// INTEGER content octets of the serial number, as encoded.
    let serialOctets: [UInt8]

    /// Reads an X.509 certificate from DER; zero octets after its end, as cards pad their files with, are cut off.
    ///
    /// Throws `CertificateError` for whatever is no certificate. Takes microseconds, on any thread.
    public static func read(der: [UInt8]) throws(CertificateError) -> CertificateFacts {
        guard der.count <= maximumLength else { throw CertificateError(code: .tooLarge, detail: "") }
        var field = ""
        do throws(DERError) {
            return try CertificateFacts(der, at: &field)
        } catch {
            throw CertificateError(code: .malformed, detail: "\(field): \(error.code)")
        }
    }

    /// The holder's name: common name, else given name and surname, else pseudonym, organisation or its unit, else
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
        identity.map { DigestAlgorithm.sha256.hash(salt + Array($0.utf8)) } ?? []
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
        let blocks = try PEMText.blocks(bytes).filter { PEMText.certificateLabels.contains($0.label) }
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

// MARK: - Reading

extension CertificateFacts {
    /// Reads the fields (RFC 5280, 4.1); `field` says at which one it stopped.
    private init(_ bytes: [UInt8], at field: inout String) throws(DERError) {
        field = "certificate"
        var outer = DERReader(bytes[...])
        let certificate = try outer.next(DERTag.sequence)
        // Only the padding of a card's fixed-length file may follow.
        guard outer.rest.allSatisfy({ $0 == 0 }) else { throw DERError(.trailingBytes) }
        var parts = DERReader(certificate.content)
        var body = parts.inside(try parts.next(DERTag.sequence))
        _ = try parts.next(DERTag.sequence)
        _ = try parts.next(DERTag.bitString)
        try parts.expectEnd()
        der = Array(certificate.encoding)
        id = Hexadecimal.text(DigestAlgorithm.sha256.hash(der))

        field = "serial number"
        _ = try body.optional(DERTag.contextConstructed(0))
        let serial = try body.integerOctets()
        serialOctets = Array(serial)
        serialNumber = Hexadecimal.text(serial.count > 1 && serial.first == 0 ? serial.dropFirst() : serial)
        _ = try body.next(DERTag.sequence)
        field = "issuer"
        issuer = try DistinguishedName(body.next(DERTag.sequence))
        field = "validity"
        var validity = body.inside(try body.next(DERTag.sequence))
        (notBefore, notAfter) = (try validity.time(), try validity.time())
        field = "subject"
        subject = try DistinguishedName(body.next(DERTag.sequence))
        field = "public key"
        publicKeyInfo = Array(try body.next(DERTag.sequence).encoding)
        keyType = PublicKeyInfo(der: publicKeyInfo)?.keyType ?? .other

        field = "extensions"
        _ = try body.optional(DERTag.context(1))
        _ = try body.optional(DERTag.context(2))
        if let extensions = try body.optional(DERTag.contextConstructed(3)) { try readExtensions(extensions) }
        try body.expectEnd()
        // Kamu SM ends the common names of its test authorities so.
        let isNamedTest = [subject, issuer].contains { $0.commonName?.contains("- TEST") == true }
        isTest = isNamedTest || speaksOfTests
    }

    /// Reads each extension by itself, so that a broken one spoils no other.
    private mutating func readExtensions(_ field: DERElement) throws(DERError) {
        var list = try DERReader.sequence(field.content)
        var seen: Set<ObjectIdentifier> = []
        for var parts in try list.sequences(limit: 128) {
            let (identifier, isCritical, value) = try parts.extensionFields()
            guard seen.insert(identifier).inserted else {
                unreadableExtensions.append(identifier.description)
                continue
            }
            do throws(DERError) {
                let known = try read(identifier, value)
                if isCritical && !known { unknownCriticalExtensions.append(identifier.description) }
            } catch {
                unreadableExtensions.append(identifier.description)
            }
        }
    }

    /// Whether the certificate's own words say that it is for tests.
    private var speaksOfTests: Bool {
        if policies.contains(where: { $0.identifier == ObjectIdentifier.testPolicy.description }) { return true }
        return (policies.flatMap(\.notices) + statements.map(\.text)).contains { text in
            // "Test amaçlı üretilmiştir": made for tests. ASCII letters only, so no casing of Turkish letters is at stake.
            text.lowercased().contains("test ama")
        }
    }

    /// Extensions that libcrypto's path validation handles, or that need no handling.
    private static let handledElsewhere: Set<ObjectIdentifier> = [
        .subjectAlternativeName, .nameConstraints, .policyMappings, .policyConstraints, .inhibitAnyPolicy,
        .ocspNoCheck,
    ]

    /// Reads one extension; false where it is unknown here.
    private mutating func read(_ identifier: ObjectIdentifier, _ value: ArraySlice<UInt8>) throws(DERError) -> Bool {
        switch identifier {
        case .keyUsage:
            let bits = try DERReader.single(value, tag: DERTag.bitString).content
            keyUsage = KeyUsage(rawValue: try DERReader.namedBits(bits))
        case .extendedKeyUsage:
            var list = try DERReader.sequence(value)
            var usages: [String] = []
            while !list.isAtEnd { usages.append(try list.objectIdentifier().description) }
            extendedKeyUsage = usages
        case .basicConstraints:
            var parts = try DERReader.sequence(value)
            let authority = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            if !parts.isAtEnd { _ = try parts.smallInteger() }
            try parts.expectEnd()
            isAuthority = authority
        case .certificatePolicies: policies = try ExtensionTexts.policies(value)
        case .qcStatements: statements = try ExtensionTexts.statements(value)
        case .authorityInformationAccess:
            let access = try ExtensionTexts.access(value)
            (ocsp, issuerCertificates) = (access[.ocspAccess] ?? [], access[.issuerAccess] ?? [])
        case .crlDistributionPoints: (crl, distributionPoints) = try ExtensionTexts.distributionPoints(value)
        case .subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try DERReader.single(value, tag: DERTag.octetString).content)
        case .authorityKeyIdentifier:
            var parts = try DERReader.sequence(value)
            authorityKeyIdentifier = try parts.optional(DERTag.context(0)).map { Array($0.content) } ?? []
        default: return Self.handledElsewhere.contains(identifier)
        }
        return true
    }
}
