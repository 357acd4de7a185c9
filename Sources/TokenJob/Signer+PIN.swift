// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import Tokens

extension Signer {
    /// The number of times that an entry which cannot be this card's PIN is asked for again; none of these costs a try.
    static let mostEntries = 3

    /// Throws what the PIN's state forbids, before anybody is asked.
    static func check(
        _ info: TokenInfo, _ state: PINState, mayUseFinalTry: Bool
    ) throws(JobFailure) {
        if state == .locked { throw JobFailure(.pinLocked, pinState: .locked) }
        if info.mustChangePIN { throw JobFailure(.pinChangeRequired) }
        if state == .finalTry && !mayUseFinalTry { throw JobFailure(.pinFinalTry) }
    }

    func currentInfo() throws(JobFailure) -> TokenInfo {
        do { return try session.token.currentInfo() } catch { throw JobFailure(error) }
    }

    /// Finds the way to the PIN that was asked for, and tries whether it works.
    static func source(
        for prompt: PINPrompt, locale: String, on display: SessionDisplay, _ handed: HandedDescriptors
    ) -> Result<any PINSource, JobFailure> {
        do throws(PromptError) { return .success(try find(prompt, locale, display, handed)) } catch {
            return .failure(JobFailure(error))
        }
    }

    static func find(
        _ prompt: PINPrompt, _ locale: String, _ display: SessionDisplay, _ handed: HandedDescriptors
    ) throws(PromptError) -> any PINSource {
        switch prompt {
        case .pinentry(let path):
            let surroundings = PromptSurroundings(
                locale: locale, terminal: handed.terminal, session: display.isNowhere ? nil : display.environment)
            return try PinentryCatalog.start(configured: path, surroundings: surroundings)
        case .terminal:
            guard let terminal = handed.terminal else { throw .unavailable("no terminal was handed over") }
            return try TerminalPrompt(terminal: terminal)
        case .descriptor:
            guard let pin = handed.pin else { throw .unavailable("no descriptor was handed over") }
            return DescriptorPrompt(descriptor: pin)
        // A keypad alone cannot show the text that is signed.
        case .none: throw .unavailable("not interactive")
        }
    }

    /// The PIN, or nil where it is to be typed on the reader and the person has agreed to the text.
    func enterPIN(
        _ shown: PromptText, _ info: TokenInfo, _ state: PINState, until waiter: Waiter
    ) throws(JobFailure) -> PIN? {
        var last: PINFault?
        do throws(PromptError) {
            var shown = shown.warning(prompt.warning(of: state))
            if usesKeypad {
                try source.confirm(shown, until: waiter)
                return nil
            }
            for _ in 1...Self.mostEntries {
                let pin = try source.ask(shown, until: waiter)
                guard let fault = pin.fault(length: info.pinLength) else { return pin }
                last = fault
                shown = shown.warning(prompt.warning(of: fault))
                if source is DescriptorPrompt { break }
            }
        } catch {
            throw JobFailure(error)
        }
        throw JobFailure(.pinInvalid, last == .characters ? "characters" : "length")
    }

    /// Has the person agree to the text first: a web page may have led here a person who expects no PIN window.
    func agree(to question: PromptText, until waiter: Waiter) throws(JobFailure) {
        do throws(PromptError) { try source.confirm(question, until: waiter) } catch { throw JobFailure(error) }
    }

    /// One of the card's tries.
    func logIn(_ pin: borrowing PIN?) throws(TokenError) {
        switch pin {
        case .some(let pin): try pin.withBytes { (bytes) throws(TokenError) in try session.logIn(bytes) }
        case .none: try session.logInOnKeypad()
        }
    }

    /// The same PIN once more, for the signature that has begun: the card has just accepted it, or wants it for this one.
    func authenticate(_ pin: borrowing PIN?) throws(TokenError) {
        switch pin {
        case .some(let pin): try pin.withBytes { (bytes) throws(TokenError) in try session.authenticate(bytes) }
        case .none: try session.authenticateOnKeypad()
        }
    }
}

extension SignatureInput {
    /// The octets for the token.
    var octets: [UInt8] {
        switch self {
        case .rsaPKCS1(let digestInfo): digestInfo
        case .ecdsa(let digest): digest
        }
    }
}
