// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a certificate's extensions say; each is read by itself, so that a broken one spoils no other.
struct CertificateExtensions {
    private(set) var keyUsage: KeyUsage?
    private(set) var extendedKeyUsage: [String] = []
    private(set) var policies: [CertificatePolicy] = []
    private(set) var statements: [QCStatement] = []
    private(set) var ocsp: [String] = []
    private(set) var crl: [String] = []
    private(set) var distributionPoints: Set<DistributionPointName> = []
    private(set) var issuerCertificates: [String] = []
    private(set) var isAuthority = false
    private(set) var pathLength: Int?
    private(set) var subjectKeyIdentifier: [UInt8] = []
    private(set) var authorityKeyIdentifier: [UInt8] = []
    private(set) var unreadable: [String] = []
    private(set) var unknownCritical: [String] = []

    /// What libcrypto's path validation handles beyond what is read here, and what needs no handling.
    private static let handledElsewhere: Set<ObjectIdentifier> = [
        .subjectAlternativeName, .nameConstraints, .policyMappings, .policyConstraints, .inhibitAnyPolicy,
        .ocspNoCheck,
    ]

    /// Reads the `[3]` field of a certificate, which may be missing.
    init(_ field: DERElement?) throws(DERError) {
        guard let field else { return }
        var list = DERReader(try DERReader.single(field.content, tag: DERTag.sequence).content)
        var seen: Set<ObjectIdentifier> = []
        for entry in try list.all(limit: 128) {
            guard entry.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
            var parts = DERReader(entry.content)
            let identifier = try parts.objectIdentifier()
            let critical = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            let value = try parts.octetString()
            guard seen.insert(identifier).inserted else {
                unreadable.append(identifier.description)
                continue
            }
            do throws(DERError) {
                let known = try read(identifier, value)
                if critical && !known { unknownCritical.append(identifier.description) }
            } catch {
                unreadable.append(identifier.description)
            }
        }
    }

    /// Whether the certificate's own words say that it is for tests.
    var speaksOfTests: Bool {
        if policies.contains(where: { $0.identifier == ObjectIdentifier.testPolicy.description }) { return true }
        return (policies.flatMap(\.notices) + statements.map(\.text)).contains { text in
            // "Test amaçlı üretilmiştir": made for tests. ASCII letters only, so no casing of Turkish letters is at stake.
            text.lowercased().contains("test ama")
        }
    }

    /// Reads one extension; false where it is unknown here.
    private mutating func read(_ identifier: ObjectIdentifier, _ value: ArraySlice<UInt8>) throws(DERError) -> Bool {
        switch identifier {
        case .keyUsage:
            let bits = try DERReader.single(value, tag: DERTag.bitString).content
            keyUsage = KeyUsage(rawValue: try DERReader.namedBits(bits))
        case .extendedKeyUsage:
            var list = DERReader(try DERReader.single(value, tag: DERTag.sequence).content)
            var usages: [String] = []
            while !list.isAtEnd { usages.append(try list.objectIdentifier().description) }
            extendedKeyUsage = usages
        case .basicConstraints:
            var parts = DERReader(try DERReader.single(value, tag: DERTag.sequence).content)
            let authority = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            let length = parts.isAtEnd ? nil : try parts.smallInteger()
            try parts.expectEnd()
            (isAuthority, pathLength) = (authority, length)
        case .certificatePolicies: policies = try ExtensionTexts.policies(value)
        case .qcStatements: statements = try ExtensionTexts.statements(value)
        case .authorityInformationAccess:
            let access = try ExtensionTexts.access(value)
            (ocsp, issuerCertificates) = (access[.ocspAccess] ?? [], access[.issuerAccess] ?? [])
        case .crlDistributionPoints: (crl, distributionPoints) = try ExtensionTexts.distributionPoints(value)
        case .subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try DERReader.single(value, tag: DERTag.octetString).content)
        case .authorityKeyIdentifier:
            var parts = DERReader(try DERReader.single(value, tag: DERTag.sequence).content)
            authorityKeyIdentifier = Array(try parts.optional(DERTag.context(0))?.content ?? [])
        default: return Self.handledElsewhere.contains(identifier)
        }
        return true
    }
}
