// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import Tokens

// A PIN that is locked costs a person a walk, and a PUK that is locked the card. So everything that can be found out without them is found out
// first, all is entered before the card is asked at all, and then the card is asked once. What is entered serves that one time: a second try
// is another request, with a person behind it.

/// A card ready to be given a new PIN: from `preparePIN` to `setPIN`.
final class PINSetter {
    private let task: PINTask
    private let token: Token
    private let source: any PINSource
    private let prompt: PINPromptTexts
    private let usesKeypad: Bool
    private let mayUseFinalTry: Bool
    /// The state that wrong entries left, of the PIN or the PUK.
    private let seen: PINState

    /// Does every check that needs no person. Throws `JobFailure`.
    init(_ request: PINRequest, _ source: Result<any PINSource, JobFailure>) throws(JobFailure) {
        // Its read-only session ends here: beside one, the officer cannot log in.
        let card = try CardSearch(CardPlace(request))
        let info = card.session.token.info
        (task, token, mayUseFinalTry) = (request.task, card.session.token, request.finalTry)
        seen = request.task == .change ? request.seenPINState : request.seenPUKState
        usesKeypad = info.hasProtectedAuthenticationPath && request.prompt != .descriptor
        prompt = PINPromptTexts(
            request, label: IdentityMask.masked(info.label), holder: card.facts.masked(card.facts.holder),
            length: info.pinLength)
        _ = try Self.check(info, task, seen, mayUseFinalTry: mayUseFinalTry)
        self.source = try source.get()
    }

    /// The state of what is about to be tried. Throws what it forbids, before anybody is asked.
    private static func check(
        _ info: TokenInfo, _ task: PINTask, _ seen: PINState, mayUseFinalTry: Bool
    ) throws(JobFailure) -> PINState {
        let state = (task == .change ? info.pinState : info.pukState).believed(after: seen)
        if state == .locked { throw JobFailure(task == .change ? .pinLocked : .pukLocked, pinState: .locked) }
        if state == .finalTry, !mayUseFinalTry { throw JobFailure(task == .change ? .pinFinalTry : .pukFinalTry) }
        return state
    }

    /// Asks the person for all that is needed, then the card for one try. Throws `JobFailure`.
    func set(within seconds: UInt32, for end: JobEnd) throws {
        let waiter: Waiter
        do { waiter = try Waiter(milliseconds: Int64(seconds) * 1000, abandonment: end.descriptor) } catch {
            throw JobFailure(error)
        }
        let info: TokenInfo
        do { info = try token.currentInfo() } catch { throw JobFailure(error) }
        let state = try Self.check(info, task, seen, mayUseFinalTry: mayUseFinalTry)
        try end.send(TokenReply.progress(.waitingForPIN))
        if usesKeypad {
            do { try source.confirm(prompt.keypad(state), until: waiter) } catch { throw Self.failure(error) }
            try end.send(TokenReply.progress(.settingPIN))
            return try attempt(info) { (attempt) throws(TokenError) in try attempt(nil, nil) }
        }
        // A PUK has a length of its own, which PKCS#11 does not tell.
        let key = try enter(
            prompt.key(state), length: task == .change ? info.pinLength : nil, until: waiter)
        let new = try enterNew(length: info.pinLength, until: waiter)
        guard !waiter.isOver else { throw JobFailure(.cancelled, Self.timeout) }
        try end.send(TokenReply.progress(.settingPIN))
        try attempt(info) { (attempt) throws(TokenError) in
            try key.withBytes { (key) throws(TokenError) in
                try new.withBytes { (new) throws(TokenError) in try attempt(key, new) }
            }
        }
    }

    // MARK: - The person

    private static let timeout = "prompt-timeout"

    /// No code lapses here: a prompt that stood too long was left.
    private static func failure(_ error: PromptError) -> JobFailure {
        error == .timedOut ? JobFailure(.cancelled, timeout) : JobFailure(error)
    }

    /// One entry that the card may take; one that cannot be its PIN is asked for again, and costs no try.
    private func enter(
        _ text: PromptText, length: ClosedRange<Int>?, isNew: Bool = false, until waiter: Waiter
    ) throws(JobFailure) -> PIN {
        var (shown, last) = (text, "")
        for _ in 1...Signer.mostEntries {
            let pin: PIN
            do { pin = try source.ask(shown, until: waiter) } catch { throw Self.failure(error) }
            guard let fault = pin.fault(length: length) else { return pin }
            last = fault == .characters ? "characters" : "length"
            if source is DescriptorPrompt { break }
            shown = text.warning(prompt.warning(of: fault))
        }
        throw JobFailure(.pinInvalid, (isNew ? ErrorName.ofNewPIN : "") + last)
    }

    /// The new PIN, which is entered twice where a person enters it.
    private func enterNew(length: ClosedRange<Int>?, until waiter: Waiter) throws(JobFailure) -> PIN {
        var text = prompt.new
        for _ in 1...Signer.mostEntries {
            let new = try enter(text, length: length, isNew: true, until: waiter)
            if source is DescriptorPrompt { return new }
            let again: PIN
            do { again = try source.ask(prompt.newAgain, until: waiter) } catch { throw Self.failure(error) }
            if new.equals(again) { return new }
            text = prompt.new.warning(prompt.mismatch)
        }
        throw JobFailure(.pinMismatch)
    }

    // MARK: - The card

    private typealias Attempt = (Span<UInt8>?, Span<UInt8>?) throws(TokenError) -> Void

    /// The one try. `body` lends what was entered.
    private func attempt(_ info: TokenInfo, _ body: (Attempt) throws(TokenError) -> Void) throws(JobFailure) {
        var isAccepted = false
        do throws(TokenError) {
            let session = try token.open(forWriting: true)
            try body { (key, new) throws(TokenError) in
                switch task {
                case .change: try change(session, key, new, &isAccepted)
                case .unblock: try unblock(session, key, new, &isAccepted, isLocked: info.pinState == .locked)
                }
            }
        } catch {
            throw describe(error, isAccepted: isAccepted)
        }
    }

    /// The login comes first, though C_SetPIN asks for the present PIN itself: without a login OpenSC may be configured to take that for a PUK.
    private func change(
        _ session: Session, _ present: Span<UInt8>?, _ new: Span<UInt8>?, _ isAccepted: inout Bool
    ) throws(TokenError) {
        do throws(TokenError) {
            if let present { try session.logIn(present) } else { try session.logInOnKeypad() }
        } catch {
            // The PIN was right, and has to be changed.
            guard error.isExpiredPIN else { throw error }
        }
        isAccepted = true
        try session.setPIN(from: present, to: new)
    }

    /// The PUK is PKCS#11's SO PIN (so has MA3 it for AKİS, and SoftHSM). A PIV card verifies no PUK: OpenSC unblocks it by C_SetPIN without
    /// a login where it is configured so, and changes the PIN otherwise, for which the card spends no try on a PIN that is locked.
    private func unblock(
        _ session: Session, _ puk: Span<UInt8>?, _ new: Span<UInt8>?, _ isAccepted: inout Bool, isLocked: Bool
    ) throws(TokenError) {
        if isLocked, token.module.isOpenSC {
            do throws(TokenError) { return try session.setPIN(from: puk, to: new) } catch {
                guard error.kind == .pinLocked else { throw error }
            }
        }
        try session.logInAsOfficer(puk)
        isAccepted = true
        try session.initPIN(new)
    }

    /// - Parameter isAccepted: the PIN or the PUK was right, and it is the new PIN that the card did not take.
    private func describe(_ error: TokenError, isAccepted: Bool) -> JobFailure {
        let isOpenSC = task == .unblock && token.module.isOpenSC
        if isOpenSC ? error.isUnsupportedByOpenSC : error.isUnsupported { return JobFailure(.notSupported, error) }
        var failure = JobFailure(error)
        // A card that is gone says nothing more of its PIN.
        let info = try? token.currentInfo()
        switch (task, error.kind) {
        case (.change, .pinIncorrect):
            failure.pinState = .worse((info?.pinState ?? .unknown).believed(after: seen), .countLow)
        // Whichever call it is: some modules keep the PUK of the login for C_InitPIN, which alone gives it to the card.
        case (.unblock, .pinIncorrect):
            failure.name = .pukIncorrect
            failure.pinState = .worse((info?.pukState ?? .unknown).believed(after: seen), .countLow)
        case (.unblock, .pinLocked): failure.name = .pukLocked
        default:
            guard isAccepted else { break }
            if error.isRefusedValue { failure = JobFailure(.pinInvalid, ErrorName.ofNewPIN + error.detail) }
            if task == .change, error.kind != .tokenRemoved { failure.pinState = .ok }
        }
        return failure
    }
}

extension ErrorName {
    /// Before the detail of PinInvalid where it is the new PIN that cannot be one.
    static let ofNewPIN = "new "
}

extension PINFacts {
    init(_ info: TokenInfo) {
        self.init(
            shortest: UInt32(info.pinLength?.lowerBound ?? 0), longest: UInt32(info.pinLength?.upperBound ?? 0),
            mustChange: info.mustChangePIN, pukState: info.pukState)
    }
}
