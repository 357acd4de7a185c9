// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Signatures
import Tokens

/// The card that a request is about.
struct CardPlace {
    let module: String
    let reader: [UInt8]
    let certificateId: String
    let rivals: [RivalReader]
}

extension CardPlace {
    init(_ request: PrepareRequest) {
        self.init(
            module: request.module, reader: request.reader, certificateId: request.certificateId, rivals: request.rivals
        )
    }

    init(_ request: PINRequest) {
        self.init(
            module: request.module, reader: request.reader, certificateId: request.certificateId, rivals: request.rivals
        )
    }
}

/// Looks for one certificate on the card in one reader.
struct CardSearch {
    /// The session of the slot that holds it.
    let session: Session
    let facts: CertificateFacts
    let object: CertificateObject
    /// The issuers' certificates that are on the card as well, nearest first, without the root.
    let issuerChain: [[UInt8]]

    /// Throws `JobFailure`: TokenRemoved where the reader is empty, NoCertificate where another card is in it.
    init(_ place: CardPlace) throws(JobFailure) {
        let tokens: [Token]
        var failure: TokenError?
        let earlier: TokenError?
        do throws(TokenError) {
            let module = try Module(path: place.module)
            let search = try module.search(reader: place.reader)
            (tokens, earlier) = (search.tokens, search.failure)
            if tokens.isEmpty, let obstacle = try module.obstacle(inReader: place.reader) { throw obstacle }
        } catch {
            throw JobFailure(obstacle: error)
        }
        var found: [Self] = []
        for token in tokens {
            do throws(TokenError) {
                guard let card = try Self(token, place.certificateId) else { continue }
                found.append(card)
                // The slot of the reader that is meant: the card need not be looked through any further.
                guard place.rivals.contains(where: { token.mayBeIn(reader: $0.name) }) else { break }
            } catch {
                // Another slot may still hold it, and a token that was never set up holds nothing.
                if token.info.isInitialised { failure = failure ?? error }
            }
        }
        // The same certificate in two slots: some modules show all of a card in each slot of it. Where one may be another card's, the PIN
        // would be tried there.
        let mayBeCopied = place.rivals.contains {
            $0.certificates.isEmpty || $0.certificates.contains(place.certificateId)
        }
        guard found.count <= 1 || !mayBeCopied else { throw JobFailure(.ambiguousReader, "two readers in one slot") }
        if let card = found.first {
            self = card
            return
        }
        if let failure { throw JobFailure(failure) }
        // A slot that another card has left says nothing about this one.
        if let earlier, tokens.isEmpty || earlier.kind != .tokenRemoved { throw JobFailure(earlier) }
        throw tokens.isEmpty
            ? JobFailure(.tokenRemoved, "no token in the reader") : JobFailure(.noCertificate, "not on this card")
    }

    private init?(_ token: Token, _ id: String) throws(TokenError) {
        session = try token.open()
        var all: [(object: CertificateObject, facts: CertificateFacts)] = []
        let list = try session.certificates()
        for object in list.certificates {
            // An object that is no readable certificate is not the one that is looked for.
            if let facts = try? CertificateFacts.read(der: object.der) { all.append((object, facts)) }
        }
        guard let found = all.first(where: { $0.facts.id == id }) else {
            // The object that could not be read may be the one.
            if let failure = list.failure { throw failure }
            return nil
        }
        (object, facts) = found
        issuerChain = Self.chain(above: found.facts, among: all.map(\.facts))
    }

    /// The number that the certificate bears. Throws IdentityMismatch where it is not the expected one, or none at all.
    func identity(expected: NationalIdentity?) throws(JobFailure) -> NationalIdentity {
        do {
            let identity = try NationalIdentity(certified: facts.identity ?? "")
            if expected == nil || expected == identity { return identity }
        } catch {
            throw JobFailure(.identityMismatch, "no identity number in the certificate")
        }
        throw JobFailure(.identityMismatch)
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
