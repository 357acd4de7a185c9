// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The meaning of an error to a person: the fact, and the one thing to do next.
public struct ErrorText: Sendable, Equatable {
    /// One sentence that says what happened.
    public let what: String
    /// One sentence that says what to do.
    public let remedy: String

    public init(what: String, remedy: String) {
        self.what = what
        self.remedy = remedy
    }
}

extension Texts {
    /// The sentences for an error.
    ///
    /// - Parameter detail: the machine-readable word that goes with the name. Where it says more than the name does, so do the sentences;
    ///   the word itself is for logs and programs, and never part of a sentence, unless it is the address of a page.
    public func error(_ error: ErrorName, detail: String = "") -> ErrorText {
        let general = sentences(error)
        switch (error, detail) {
        case (.portalRefused, _):
            return ProblemName(rawValue: detail).flatMap { refusal($0, otherwise: general.remedy) } ?? general
        case (.tokenBusy, ApprovalFailure.anotherApproval):
            return ErrorText(
                what: text("This is going on already."),
                remedy: text("Look for its window, put the card in, or cancel it first."))
        case (.tokenBusy, ApprovalFailure.pinOperation):
            return ErrorText(
                what: text("The PIN of this card is just being set."),
                remedy: text("Look for its window, or wait until it is done."))
        case (.pinInvalid, _) where detail.hasPrefix("new "):
            return ErrorText(
                what: text("The card does not take this as a new PIN; the present one still holds."),
                remedy: text(
                    "Choose another; eonay pin status shows how long it may be, and many cards take digits alone."))
        case (.pinPromptUnavailable, "no line"):
            return ErrorText(
                what: text("The descriptor that --pin-fd names has ended before the PIN."),
                remedy: text("Write a line into it for each entry; eonay pin change and unblock take two."))
        case (.cancelled, "prompt-timeout"):
            return ErrorText(what: text("Nobody answered the PIN prompt in time."), remedy: general.remedy)
        case (.tokenFailed, "mute"):
            return ErrorText(
                what: text("The card does not answer."),
                remedy: text("Pull it, check that the chip is clean and the right way round, and put it in again."))
        case (.storeFailed, "newer"):
            return ErrorText(
                what: text("A newer version of E-Onay has written the record on this computer's disk."),
                remedy: text(
                    "Install that version again; until then the record is only read, and nothing in it is lost."))
        case (.storeFailed, "no-locks"):
            return ErrorText(
                what: text(
                    "The record lies on a file system without locks, where another computer could write into it."),
                remedy: text("Have it mounted with locks, or put the record on a local disk: FILES in eonayd(8)."))
        case (.noModule, _): return CardFamily(rawValue: detail).map(missingDriver) ?? general
        case (.pinLocked, _):
            guard let page = page(in: detail) else { return general }
            return ErrorText(
                what: general.what,
                remedy: text(
                    "Your certification centre unlocks it at %1; with a PUK, so does the card maker's program.", page))
        case (.notQualified, "no-identity"):
            return ErrorText(what: text("There is no T.C. Kimlik No in this certificate."), remedy: general.remedy)
        case (.invalidArgument, _):
            guard let option = option(in: detail) else { return general }
            return ErrorText(
                what: text("The value for \"%1\" is unknown, of the wrong kind or out of range.", option),
                remedy: general.remedy)
        default: return general
        }
    }

    /// The same of an error that stands at a card: an empty card is no call that named a certificate, and one without a driver is told by
    /// its family.
    public func cardError(_ error: ErrorName, of family: CardFamily? = nil) -> ErrorText {
        if error == .noModule, let family { return missingDriver(family) }
        let text = sentences(error)
        guard error == .noCertificate else { return text }
        return ErrorText(what: self.text("There is no certificate on this card."), remedy: text.remedy)
    }

    /// The sentences for the dozen problems that the bus calls `PortalRefused`; nil for those that have errors of their own.
    private func refusal(_ problem: ProblemName, otherwise remedy: String) -> ErrorText? {
        switch problem {
        case .tooManyCodes:
            ErrorText(
                what: text("The portal has given too many codes for this T.C. Kimlik No in a short time."),
                remedy: text("Wait a few minutes and start again."))
        case .badSignature: ErrorText(what: text("The portal did not accept the signature."), remedy: remedy)
        case .textMismatch:
            ErrorText(
                what: text("The portal says that something else was signed than it asked for."), remedy: remedy)
        case .tooLarge:
            ErrorText(what: text("The portal says that the signature is too large."), remedy: remedy)
        case .wrongNumber:
            ErrorText(
                what: text("The number that confirms the sign-in was wrong."), remedy: sentences(.codeUsed).remedy)
        case .noSession, .notLoggedIn:
            ErrorText(what: text("The sign-in at the portal has ended."), remedy: sentences(.codeUsed).remedy)
        case .notFound:
            ErrorText(
                what: text("The portal does not know what it was asked for."),
                remedy: sentences(.portalUntrusted).remedy)
        default: nil
        }
    }

    /// The https address that the detail ends with.
    private func page(in detail: String) -> String? {
        guard let word = detail.split(separator: " ").last, word.hasPrefix("https://"), word.utf8.count <= 2048,
            word.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return String(word)
    }

    /// "option wait", "type of option wait": the option whose value was refused, as the interface names it.
    private func option(in detail: String) -> String? {
        let words = detail.split(separator: " ")
        guard words.count >= 2, words[words.count - 2] == "option", let name = words.last, name.utf8.count <= 40,
            name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        return String(name)
    }
}
