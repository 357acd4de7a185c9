// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Puts an X.509 certificate (RFC 5280) together from parts in DER and has it signed.
struct CertificateBuilder {
    var serialNumber = [UInt8(0x38)] + randomBytes(7)
    var issuer: [UInt8]
    var subject: [UInt8]
    var notBefore: Int64
    var notAfter: Int64
    var publicKey: [UInt8]
    private(set) var extensions: [UInt8] = []

    mutating func add(_ identifier: String, critical: Bool = false, _ value: [UInt8]) {
        extensions += DER.sequence(
            DER.identifier(identifier), critical ? DER.boolean(true) : [], DER.octets(value))
    }

    mutating func addKeyUsage(_ bits: [Int]) { add("2.5.29.15", critical: true, DER.bits(set: bits)) }

    mutating func addBasicConstraints(authority: Bool, pathLength: Int? = nil) {
        let content = (authority ? DER.boolean(true) : []) + (pathLength.map { DER.integer($0) } ?? [])
        add("2.5.29.19", critical: authority, DER.sequence(content))
    }

    /// Both key identifiers, by the first method of RFC 5280, 4.2.1.2.
    mutating func addKeyIdentifiers(issuerKey: [UInt8]) {
        add("2.5.29.35", DER.sequence(DER.element(0x80, Self.identifier(ofKey: issuerKey))))
        add("2.5.29.14", DER.octets(Self.identifier(ofKey: publicKey)))
    }

    /// A policy with where it is published and a notice, whose text comes encoded; nil for none.
    mutating func addPolicy(_ identifier: String, practiceStatement: String, notice: [UInt8]?) {
        let qualifiers = DER.sequence(
            DER.sequence(DER.identifier("1.3.6.1.5.5.7.2.1"), DER.ia5(practiceStatement)),
            notice.map { DER.sequence(DER.identifier("1.3.6.1.5.5.7.2.2"), DER.sequence($0)) } ?? [])
        add("2.5.29.32", DER.sequence(DER.sequence(DER.identifier(identifier), qualifiers)))
    }

    /// Where revocation is told and the issuer's certificate lies, as far as known.
    mutating func addAddresses(_ addresses: AuthorityAddresses) {
        func address(_ text: String) -> [UInt8] { DER.element(0x86, Array(text.utf8)) }
        if let list = addresses.crl {
            add("2.5.29.31", DER.sequence(DER.sequence(DER.element(0xA0, DER.element(0xA0, address(list))))))
        }
        let issuer = addresses.issuer.map { DER.sequence(DER.identifier("1.3.6.1.5.5.7.48.2"), address($0)) } ?? []
        let responder = addresses.ocsp.map { DER.sequence(DER.identifier("1.3.6.1.5.5.7.48.1"), address($0)) } ?? []
        if !issuer.isEmpty || !responder.isEmpty {
            add("1.3.6.1.5.5.7.1.1", DER.sequence(issuer, responder))
        }
    }

    mutating func addStatements(_ statements: [(identifier: String, text: String?)]) {
        let list = statements.flatMap {
            DER.sequence(DER.identifier($0.identifier), $0.text.map { DER.utf8($0) } ?? [])
        }
        add("1.3.6.1.5.5.7.1.3", DER.sequence(list))
    }

    func sign(with key: SigningKey) throws -> [UInt8] {
        let body = DER.sequence(
            DER.element(0xA0, DER.integer(2)),
            DER.integer(serialNumber),
            key.type.signatureAlgorithm,
            issuer,
            DER.sequence(DER.time(notBefore), DER.time(notAfter)),
            subject,
            publicKey,
            DER.element(0xA3, DER.sequence(extensions)))
        return DER.sequence(body, key.type.signatureAlgorithm, DER.bits(try key.sign(body)))
    }

    private static func identifier(ofKey publicKey: [UInt8]) -> [UInt8] {
        // SubjectPublicKeyInfo: the algorithm, then a bit string whose first byte counts unused bits.
        var reader = TagReader(publicKey)
        var parts = TagReader(reader.next()?.content ?? [])
        _ = parts.next()
        return Digest.sha1(Array(parts.next()?.content.dropFirst() ?? []))
    }
}
