// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Signatures

@testable import VirtualCard

/// A holder with a certificate and the key that belongs to it: what the card and eonay-token are in life.
struct Signer: Sendable {
    let issued: IssuedCertificate
    let issuer: IssuedCertificate
    /// The number that the holder says is his.
    let identity: String

    init(issued: IssuedCertificate, issuer: IssuedCertificate, identity: String) {
        (self.issued, self.issuer, self.identity) = (issued, issuer, identity)
    }

    init(
        _ bench: PortalBench, _ kind: IssuedKind = .nes, holder: Holder = .sukru,
        keyType: CardKey = .p256,
        key: SigningKey? = nil, notAfter: Int64? = nil, addresses: AuthorityAddresses = AuthorityAddresses()
    ) throws {
        var authority = bench.authority
        authority.addresses = addresses
        issued = try authority.issue(
            CertificateRequest(kind, for: holder, keyType: keyType, notAfter: notAfter, key: key),
            now: PortalBench.start)
        issuer = bench.authority.issuer
        identity = holder.identity
    }

    /// Signs the text of a login challenge.
    func login(_ challenge: PortalChallenge, identity: String? = nil) throws -> [UInt8] {
        let text = SignedText.login(
            portal: try Origin(challenge.portal), identity: try NationalIdentity(certified: identity ?? self.identity),
            code: try VerificationCode(challenge.code))
        return try sign(text.bytes)
    }

    /// Signs the text of a consent challenge.
    func consent(_ challenge: PortalChallenge, decision: Decision? = nil) throws -> [UInt8] {
        try sign(try text(of: challenge, decision: decision))
    }

    /// The text of a consent challenge.
    func text(of challenge: PortalChallenge, decision: Decision? = nil) throws -> [UInt8] {
        guard let declared = challenge.declared else { return [] }
        return SignedText.consent(
            portal: try Origin(challenge.portal), identity: try NationalIdentity(certified: identity),
            code: try VerificationCode(challenge.code),
            declaration: try Declaration(
                decision: decision ?? declared.decision, version: declared.version, statement: declared.statement)
        ).bytes
    }

    /// A CAdES-B-B signature over any octets.
    func sign(_ content: [UInt8], time: Int64 = PortalBench.start) throws -> [UInt8] {
        let draft = try SignatureDraft(
            content: content, certificate: try CertificateFacts.read(der: issued.certificate),
            chain: [issuer.certificate], signingTime: time)
        switch draft.input {
        case .rsaPKCS1(let digestInfo):
            return try draft.finish(rawSignature: try issued.key.raw(.rsaPKCS1, digestInfo))
        case .ecdsa(let digest):
            let width = issued.key.type == .p384 ? 48 : 32
            return try draft.finish(rawSignature: Self.raw(try issued.key.raw(.ecdsa, digest), width: width))
        }
    }

    /// r and s of an ECDSA-Sig-Value, one after the other, as a card answers them.
    private static func raw(_ der: [UInt8], width: Int) -> [UInt8] {
        func integer(at start: Int) -> (value: [UInt8], next: Int) {
            let length = Int(der[start + 1])
            let octets = Array(der[start + 2..<start + 2 + length].drop { $0 == 0 })
            return ([UInt8](repeating: 0, count: width - octets.count) + octets, start + 2 + length)
        }
        let first = integer(at: 2)
        return first.value + integer(at: first.next).value
    }
}
