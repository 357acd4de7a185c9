// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import Tokens

/// Reads what is on the card in one reader, without a login.
struct CardListing {
    /// A card holds a handful; the answer must fit a frame.
    private static let mostCertificates = 64

    private let request: ListRequest
    /// Release it after the answer has been sent: unloading takes a tenth of the time.
    let module: Module

    /// Loads the module. Throws `JobFailure`.
    init(_ request: ListRequest) throws(JobFailure) {
        self.request = request
        do { module = try Module(path: request.module) } catch { throw JobFailure(error) }
    }

    /// The contents of one slot.
    private struct SlotContent {
        let token: Token
        var certificates: [CertificateDescription] = []
        var facts: [CertificateFacts] = []
        var broken = 0
        /// Why not all of it could be read.
        var failure: TokenError?

        /// The token was never set up, or does not say that it was. Without a certificate it counts as absent.
        var isBlank: Bool { !token.info.isInitialised && certificates.isEmpty && broken == 0 }
    }

    /// Nil where the module does not know the card: the next one may. Throws `JobFailure`: AmbiguousReader where the
    /// module's slots cannot be told apart, and what stood in the way where nothing could be read.
    func description() throws(JobFailure) -> TokenDescription? {
        let search: SlotSearch
        do throws(TokenError) {
            search = try module.search(reader: request.reader)
            if search.tokens.isEmpty {
                if let failure = search.failure, failure.kind != .tokenRemoved { throw failure }
                // No ATR, no card: nothing can be in its way.
                if !request.atr.isEmpty, let obstacle = try module.obstacle(inReader: request.reader) { throw obstacle }
                return nil
            }
        } catch {
            if error.kind == .tokenNotRecognised { return nil }
            throw JobFailure(obstacle: error)
        }
        return try describe(search.tokens.map(read), search.failure)
    }

    /// A slot that cannot be read does not keep the others from being read.
    private func read(_ token: Token) -> SlotContent {
        var content = SlotContent(token: token)
        do throws(TokenError) {
            let session = try token.open()
            let list = try session.certificates()
            (content.broken, content.failure) = (list.broken, list.failure)
            for object in list.certificates.prefix(Self.mostCertificates) {
                do throws(CertificateError) {
                    let facts = try CertificateFacts.read(der: object.der)
                    content.certificates.append(CertificateDescription(facts, salt: request.identitySalt))
                    content.facts.append(facts)
                } catch {
                    content.broken += 1
                }
            }
        } catch {
            content.failure = error
        }
        return content
    }

    private func describe(_ all: [SlotContent], _ earlier: TokenError?) throws(JobFailure) -> TokenDescription? {
        let slots = try own(all).filter { !$0.isBlank }
        var certificates: [CertificateDescription] = []
        for certificate in slots.flatMap(\.certificates)
        where !certificates.contains(where: { $0.id == certificate.id }) {
            certificates.append(certificate)
        }
        let broken = slots.reduce(0) { $0 + $1.broken }
        let failure = slots.lazy.compactMap(\.failure).first ?? earlier
        if certificates.isEmpty, broken == 0, let failure, failure.kind != .tokenNotRecognised {
            throw JobFailure(obstacle: failure)
        }
        // The slot with the certificate to sign with says how its PIN stands; a card may have one for each of its PINs.
        let speaking =
            slots.first { $0.certificates.contains(where: \.qualified) } ?? slots.first { !$0.certificates.isEmpty }
            ?? slots.first { $0.failure == nil } ?? slots.first
        guard let info = speaking?.token.info else { return nil }
        return TokenDescription(
            label: IdentityMask.masked(info.label), manufacturer: info.manufacturer, model: info.model,
            pinState: info.pinState, pin: PINFacts(info),
            protectedAuthenticationPath: info.hasProtectedAuthenticationPath,
            certificates: Array(certificates.prefix(Self.mostCertificates)), broken: UInt32(clamping: broken),
            trouble: failure.map { JobFailure(.tokenFailed, $0) }, answerable: .init(slots.flatMap(\.facts)))
    }

    /// The slots of the reader that is meant.
    private func own(_ all: [SlotContent]) throws(JobFailure) -> [SlotContent] {
        let slots = all.map { content in
            SharedSlots.Slot(
                certificates: Set(content.certificates.map(\.id)), serialNumber: content.token.info.serialNumber,
                rivals: Set(request.rivals.indices.filter { content.token.mayBeIn(reader: request.rivals[$0].name) }))
        }
        let sharing = SharedSlots(
            own: SharedSlots.Card(kin: Set(request.kin)),
            rivals: request.rivals.map { rival in
                SharedSlots.Card(
                    certificates: Set(rival.certificates), isComplete: rival.isKnownToModule, kin: Set(rival.kin))
            })
        guard let places = sharing.own(among: slots) else {
            throw JobFailure(.ambiguousReader, "two readers in one slot")
        }
        return places.map { all[$0] }
    }
}
