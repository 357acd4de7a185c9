// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import Tokens

/// A card ready to sign: the session, the certificate and the way to the PIN, from `prepare` to the job's end.
final class Signer {
    /// The answer to `prepare`.
    let prepared: PreparedSigner
    let session: Session
    let facts: CertificateFacts
    let source: any PINSource
    let prompt: SigningPrompt
    let mayUseFinalTry: Bool
    let usesKeypad: Bool
    /// The state that the last wrong PIN left, until a right one.
    private var seen: PINState?
    private let object: CertificateObject
    /// The issuers' certificates on the card, nearest first.
    private let issuerChain: [[UInt8]]
    private let identity: NationalIdentity
    /// The request that was signed before in this job.
    private var earlier: SignedRequest?
    private var key: PrivateKey?

    /// Does every check that needs no person. Throws `JobFailure`.
    init(_ request: PrepareRequest, _ source: Result<any PINSource, JobFailure>) throws(JobFailure) {
        let card = try CardSearch(CardPlace(request))
        identity = try card.identity(expected: request.expectedIdentity)
        let info = card.session.token.info
        seen = request.seenPINState
        let state = info.pinState.believed(after: seen)
        try Self.check(info, state, mayUseFinalTry: request.finalTry)
        (session, facts, object, issuerChain) = (card.session, card.facts, card.object, card.issuerChain)
        mayUseFinalTry = request.finalTry
        prompt = SigningPrompt(locale: request.locale, timeZone: request.timeZone)
        self.source = try source.get()
        // A PIN from a descriptor is used even where there is a keypad, because no person is there to use that.
        usesKeypad = info.hasProtectedAuthenticationPath && request.prompt != .descriptor
        prepared = PreparedSigner(
            identity: identity, certificate: facts.der, issuer: issuerChain.first, pinState: state)
    }

    /// Shows the text, asks for the PIN where the card wants it, signs. The CMS, in DER. Throws `JobFailure`.
    func sign(_ request: SignRequest, for end: JobEnd) throws -> [UInt8] {
        let signed = try SignedRequest(request, identity: identity, after: earlier)
        let draft: SignatureDraft
        do {
            draft = try SignatureDraft(
                content: signed.text.bytes, certificate: facts, chain: issuerChain,
                signingTime: request.signingTime)
        } catch {
            throw JobFailure(error)
        }
        let waiter: Waiter
        do {
            waiter = try Waiter(milliseconds: Int64(request.order.secondsLeft) * 1000, abandonment: end.descriptor)
        } catch {
            throw JobFailure(error)
        }
        let holder = facts.masked(facts.holder)
        var shown = prompt.text(for: request, signed, holder: holder)
        if request.confirms {
            let question = prompt.question(for: request, signed, holder: holder)
            // On a keypad the text is agreed to before the PIN anyway.
            if usesKeypad {
                shown = question
            } else {
                try end.send(TokenReply.progress(.waitingForPIN))
                try agree(to: question, until: waiter)
            }
        }
        let raw = try signature(over: draft.input, shown, until: waiter, end)
        do {
            let container = try draft.finish(rawSignature: raw)
            earlier = signed
            return container
        } catch {
            throw JobFailure(error)
        }
    }

    private func signature(
        over input: SignatureInput, _ shown: PromptText, until waiter: Waiter, _ end: JobEnd
    ) throws -> [UInt8] {
        var pin: PIN?
        if key?.alwaysAuthenticates ?? true {
            let info = try currentInfo()
            let state = info.pinState.believed(after: seen)
            try Self.check(info, state, mayUseFinalTry: mayUseFinalTry)
            try end.send(TokenReply.progress(.waitingForPIN))
            pin = try enterPIN(shown, info, state, until: waiter)
        }
        do {
            if key == nil {
                try logIn(pin)
                seen = nil
            }
            // A prompt that was answered in time, and a card that took too long.
            guard !waiter.isOver else { throw JobFailure(.codeExpired) }
            try end.send(TokenReply.progress(.signing))
            let key = try self.key ?? session.privateKey(of: object)
            self.key = key
            return try session.sign(input.octets, with: key) { try authenticate(pin) }
        } catch {
            // One PIN serves the signatures it was asked for, not a later attempt.
            session.logOut()
            key = nil
            throw (error as? TokenError).map(describe) ?? error
        }
    }

    /// Reports a wrong PIN with the state that it left, so that a person need not try again to learn it.
    private func describe(_ error: TokenError) -> JobFailure {
        var failure = JobFailure(error)
        guard error.kind == .pinIncorrect else { return failure }
        // A card that is gone says nothing more of its PIN.
        let flags = (try? session.token.currentInfo())?.pinState ?? .unknown
        let left = PINState.worse(flags.believed(after: seen), .countLow)
        (seen, failure.pinState) = (left, left)
        return failure
    }
}
