// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Signatures
import Tokens

/// Looks for one certificate on the card in one reader.
struct CardSearch {
    /// The session of the slot that holds it.
    let session: Session
    let facts: CertificateFacts
    let object: CertificateObject
    /// The issuers' certificates that are on the card as well, nearest first, without the root.
    let issuerChain: [[UInt8]]

    /// Throws `JobError`: TokenRemoved where the reader is empty, NoCertificate where another card is in it.
    init(_ request: PrepareRequest) throws(JobError) {
        let tokens: [Token]
        do throws(TokenError) {
            let module = try Module(path: request.module)
            tokens = try module.tokens(inReader: request.reader)
            if tokens.isEmpty, let obstacle = try module.obstacle(inReader: request.reader) { throw obstacle }
        } catch {
            throw JobError(obstacle: error)
        }
        guard !tokens.isEmpty else { throw JobError(.tokenRemoved, "no token in the reader") }
        do throws(TokenError) {
            for token in tokens {
                if let found = try Self(token, request.certificateId) {
                    self = found
                    return
                }
            }
        } catch {
            throw JobError(error)
        }
        throw JobError(.noCertificate, "not on this card")
    }

    private init?(_ token: Token, _ id: String) throws(TokenError) {
        session = try token.open()
        var all: [(object: CertificateObject, facts: CertificateFacts)] = []
        for object in try session.certificates().certificates {
            // What cannot be read as a certificate is not the one we look for.
            if let facts = try? CertificateFacts.read(der: object.der) { all.append((object, facts)) }
        }
        guard let found = all.first(where: { $0.facts.id == id }) else { return nil }
        (object, facts) = found
        issuerChain = Self.chain(above: found.facts, among: all.map(\.facts))
    }

    /// The number that the certificate bears. Throws IdentityMismatch where it is not the expected one, or none at all.
    func identity(expected: String?) throws(JobError) -> NationalIdentity {
        do {
            let identity = try NationalIdentity(certified: facts.identity ?? "")
            if expected == nil || expected == identity.digits { return identity }
        } catch {
            throw JobError(.identityMismatch, "no identity number in the certificate")
        }
        throw JobError(.identityMismatch)
    }

    private static func chain(above leaf: CertificateFacts, among all: [CertificateFacts]) -> [[UInt8]] {
        var chain: [CertificateFacts] = []
        var current = leaf
        while let issuer = all.first(where: { $0.isAuthority && $0.subject.der == current.issuer.der }),
            !issuer.isSelfIssued, !chain.contains(where: { $0.id == issuer.id })
        {
            chain.append(issuer)
            current = issuer
        }
        return chain.map(\.der)
    }
}
