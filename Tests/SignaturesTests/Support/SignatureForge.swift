// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Signatures

/// Builds CMS signatures with any one thing wrong, each otherwise signed as it should be.
struct SignatureForge {
    let authority: TestAuthority
    let key: String
    var certificate: CertificateFacts
    var content: [UInt8] = Array("E-ONAY/1\n".utf8)
    var digest = DigestAlgorithm.sha256
    var isAttached = true
    var contentType = ObjectIdentifier.data
    var version: UInt8 = 1
    var copies = 1
    /// Changes the signed attributes before they are sorted and signed.
    var edit: ([[UInt8]]) -> [[UInt8]] = { $0 }
    var sorts = true
    /// Travel along beside the signer's own.
    var furtherCertificates: [[UInt8]] = []
    var unsignedAttributes: [UInt8] = []
    /// Elements of SignedData.crls.
    var revocation: [UInt8] = []
    /// The order in which the attributes are written, where it is not the one that is signed.
    var writes: ([[UInt8]]) -> [[UInt8]] = { $0 }
    /// The issuer as the container names it.
    var issuerName: [UInt8]?
    /// The content's element; an OCTET STRING where nil.
    var encodedContent: [UInt8]?
    /// Changes the signature value after it was made.
    var editValue: ([UInt8]) -> [UInt8] = { $0 }
    /// nil: as it should be.
    var signatureAlgorithm: [UInt8]?

    init(_ authority: TestAuthority, key: String) throws {
        self.authority = authority
        self.key = key
        certificate = try authority.facts(key)
    }

    static func attribute(_ type: ObjectIdentifier, _ values: [UInt8]...) -> [UInt8] {
        DERWriter.sequence(DERWriter.objectIdentifier(type), DERWriter.setOf(values))
    }

    /// SigningCertificate in version 1 or 2, by hash alone.
    static func reference(_ certificate: CertificateFacts, version: Int) -> [UInt8] {
        let digest = version == 1 ? DigestAlgorithm.sha1 : .sha256
        let hash = DERWriter.octetString(digest.hash(certificate.der))
        return attribute(
            version == 1 ? .signingCertificate : .signingCertificateV2,
            DERWriter.sequence(DERWriter.sequence(DERWriter.sequence(hash))))
    }

    /// SigningCertificateV2 with a reference to each of these certificates, by a digest that is named.
    static func references(_ certificates: [CertificateFacts], digest: DigestAlgorithm) -> [UInt8] {
        let references = certificates.map { certificate in
            DERWriter.sequence(
                AlgorithmIdentifier.encoded(digest.identifier), DERWriter.octetString(digest.hash(certificate.der)))
        }
        return attribute(
            .signingCertificateV2, DERWriter.sequence(DERWriter.element(DERTag.sequence, references.flatMap(\.self))))
    }

    func made() throws -> [UInt8] {
        let standard = [
            Self.attribute(.contentType, DERWriter.objectIdentifier(contentType)),
            Self.attribute(.messageDigest, DERWriter.octetString(digest.hash(content))),
            Self.attribute(.signingTime, DERTime.encoded(1_800_000_000)),
            Self.reference(certificate, version: 2),
        ]
        let edited = edit(standard)
        let attributes = sorts ? DERWriter.sortedContent(edited) : edited.flatMap { $0 }
        let written = sorts ? writes(edited.sorted { $0.lexicographicallyPrecedes($1) }).flatMap(\.self) : attributes
        let path = try authority.write(DERWriter.element(DERTag.set, attributes), as: "attributes.der")
        let value = try Tool.openssl(
            "dgst", "-\(digest.rawValue.filter { $0 != "-" })", "-sign", authority.path("\(key).key"), path)
        let scheme: SignatureAlgorithm.Scheme = key.hasPrefix("rsa") ? .rsaPKCS1 : .ecdsa
        let algorithm = AlgorithmIdentifier.encoded(
            SignatureAlgorithm.identifier(scheme, digest)!, null: scheme == .rsaPKCS1)
        let digestAlgorithm = AlgorithmIdentifier.encoded(digest.identifier)
        let signer = DERWriter.sequence(
            DERWriter.integer(version),
            DERWriter.sequence(
                issuerName ?? certificate.issuer.der, DERWriter.element(DERTag.integer, certificate.serialOctets)),
            digestAlgorithm,
            DERWriter.element(DERTag.contextConstructed(0), written),
            signatureAlgorithm ?? algorithm, DERWriter.octetString(editValue(value)), unsignedAttributes)
        let encapsulated = DERWriter.element(
            DERTag.contextConstructed(0), encodedContent ?? DERWriter.octetString(content))
        let body = DERWriter.sequence(
            DERWriter.integer(1), DERWriter.setOf([digestAlgorithm]),
            DERWriter.sequence(DERWriter.objectIdentifier(contentType), isAttached ? encapsulated : []),
            DERWriter.setOf([certificate.der] + furtherCertificates, tag: DERTag.contextConstructed(0)),
            revocation.isEmpty ? [] : DERWriter.element(DERTag.contextConstructed(1), revocation),
            DERWriter.setOf(Array(repeating: signer, count: copies)))
        return DERWriter.sequence(
            DERWriter.objectIdentifier(.signedData), DERWriter.element(DERTag.contextConstructed(0), body))
    }
}
