// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A certification centre for tests, built like Kamu SM's: a root, an issuer of NES below it, and holders' certificates.
///
/// All times come from the caller, in seconds since 1970, UTC.
public struct TestAuthority: Sendable {
    public enum Family: String, Sendable, CaseIterable {
        /// EC P-384 with SHA-384, as Kamu SM's since 2019.
        case ellipticCurve = "ec"
        /// RSA with SHA-256, as Kamu SM's until then.
        case rsa
    }

    public let root: IssuedCertificate
    public let issuer: IssuedCertificate
    public var addresses: AuthorityAddresses

    static let rootName = "E-Onay Deneme Kök Sertifika Hizmet Sağlayıcısı"
    static let issuerName = "E-Onay Deneme Nitelikli Elektronik Sertifika Hizmet Sağlayıcısı"
    static let practiceStatement = "http://depo.example/ilke"
    private static let year = 365 * IssuedKind.day
}

extension TestAuthority {
    /// Makes new keys and certificates, good from ten years before `now` to ten years after.
    public init(
        _ family: Family = .ellipticCurve, now: Int64, addresses: AuthorityAddresses = AuthorityAddresses()
    ) throws {
        let type: CardKeyType = family == .rsa ? .rsa2048 : .p384
        let (rootKey, issuerKey) = (try SigningKey.generate(type), try SigningKey.generate(type))
        let rootName = Self.authorityName(Self.rootName)
        func certify(_ key: SigningKey, _ name: [UInt8], pathLength: Int?) throws -> IssuedCertificate {
            var builder = CertificateBuilder(
                issuer: rootName, subject: name, notBefore: now - 10 * Self.year, notAfter: now + 10 * Self.year,
                publicKey: try key.publicKey())
            builder.addKeyIdentifiers(issuerKey: try rootKey.publicKey())
            builder.addBasicConstraints(authority: true, pathLength: pathLength)
            builder.addKeyUsage([5, 6])
            if pathLength != nil {
                builder.addPolicy(
                    IssuedKind.nes.policy, practiceStatement: Self.practiceStatement,
                    notice: DER.utf8("Deneme amaçlı sertifika hizmet sağlayıcısı"))
            }
            return IssuedCertificate(certificate: try builder.sign(with: rootKey), key: key)
        }
        root = try certify(rootKey, rootName, pathLength: nil)
        issuer = try certify(issuerKey, Self.authorityName(Self.issuerName), pathLength: 0)
        self.addresses = addresses
    }

    /// Issues what is asked for; the times are the kind's, seen from `now`, unless the request names its own.
    public func issue(_ request: CertificateRequest = CertificateRequest(), now: Int64) throws -> IssuedCertificate {
        let key = try request.key ?? SigningKey.generate(request.keyType)
        let begin = request.notBefore ?? request.kind.begin(now: now)
        let isSeal = [.seal, .companySeal, .companyCipher].contains(request.kind)
        var builder = CertificateBuilder(
            issuer: Self.authorityName(Self.issuerName),
            subject: request.subject ?? Self.holderName(request.holder, isSeal: isSeal), notBefore: begin,
            notAfter: request.notAfter ?? begin + IssuedKind.lifetime,
            publicKey: try key.publicKey())
        builder.addKeyIdentifiers(issuerKey: try issuer.key.publicKey())
        builder.addKeyUsage(request.kind.keyUsage)
        let notice = request.kind == .test ? IssuedKind.testText : IssuedKind.statementText
        builder.addPolicy(
            request.kind.policy, practiceStatement: Self.practiceStatement,
            notice: request.kind == .noUserNotice ? nil : isSeal ? DER.utf8(notice) : DER.bmp(notice))
        builder.addBasicConstraints(authority: false)
        builder.addAddresses(addresses)
        if let purpose = request.kind.purpose {
            builder.add("2.5.29.37", DER.sequence(DER.identifier(purpose)))
        }
        if !request.kind.statements.isEmpty { builder.addStatements(request.kind.statements) }
        let signer = request.kind == .forgedIssuer ? try SigningKey.generate(issuer.key.type) : issuer.key
        var certificate = try builder.sign(with: signer)
        if request.kind == .forgedSignature { certificate[certificate.count - 1] ^= 0x01 }
        return IssuedCertificate(certificate: certificate, key: key)
    }

    /// A certificate by which an OCSP responder answers in the issuer's place (RFC 6960, 4.2.2.2).
    public func issueResponder(now: Int64, keyType: CardKeyType = .p256) throws -> IssuedCertificate {
        let key = try SigningKey.generate(keyType)
        var builder = CertificateBuilder(
            issuer: Self.authorityName(Self.issuerName),
            subject: Self.authorityName("E-Onay Deneme ÇİSDuP Yanıtlayıcısı"),
            notBefore: now - IssuedKind.day, notAfter: now + Self.year, publicKey: try key.publicKey())
        builder.addKeyIdentifiers(issuerKey: try issuer.key.publicKey())
        builder.addKeyUsage([0])
        builder.addBasicConstraints(authority: false)
        builder.add("2.5.29.37", DER.sequence(DER.identifier("1.3.6.1.5.5.7.3.9")))
        builder.add("1.3.6.1.5.5.7.48.1.5", DER.null())
        return IssuedCertificate(certificate: try builder.sign(with: issuer.key), key: key)
    }

    private static func attribute(_ identifier: String, _ value: [UInt8]) -> [UInt8] {
        DER.set(DER.sequence(DER.identifier(identifier), value))
    }

    private static func authorityName(_ commonName: String) -> [UInt8] {
        DER.sequence(
            attribute("2.5.4.6", DER.printable("TR")), attribute("2.5.4.7", DER.utf8("Gebze - Kocaeli")),
            attribute("2.5.4.10", DER.utf8("E-Onay Deneme Kurumu")), attribute("2.5.4.11", DER.utf8("DENEME")),
            attribute("2.5.4.3", DER.utf8(commonName)))
    }

    /// Kamu SM's order: country, number, name. A seal has its institution before the name.
    private static func holderName(_ holder: Holder, isSeal: Bool) -> [UInt8] {
        DER.sequence(
            attribute("2.5.4.6", DER.printable("TR")), attribute("2.5.4.5", DER.printable(holder.identity)),
            isSeal ? attribute("2.5.4.10", DER.utf8("E-Onay Deneme Kurumu")) : [],
            attribute("2.5.4.3", DER.utf8(holder.name)))
    }
}
