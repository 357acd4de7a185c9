// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// The sentences for an error whose detail says more than its name; nil where it does not.
    func special(_ code: String, _ detail: String) -> ErrorText? {
        switch (code, detail) {
        case ("PortalRefused", _): refusal(detail)
        case ("TokenBusy", "another-approval"):
            ErrorText(
                what: text("This is going on already."),
                remedy: text("Look for its window, put the card in, or cancel it first."))
        case ("TokenFailed", "mute"):
            ErrorText(
                what: text("The card does not answer."),
                remedy: text("Pull it, check that the chip is clean and the right way round, and put it in again."))
        case ("NotQualified", "no-identity"):
            ErrorText(what: text("There is no T.C. Kimlik No in this certificate."), remedy: whatToDo(code))
        case ("InvalidArgument", _): detail.isEmpty ? nil : argument(detail)
        default: nil
        }
    }

    /// By the portal's own names (contract/portal.md) where the bus has only one for all of them.
    private func refusal(_ problem: String) -> ErrorText? {
        switch problem {
        case "too-many-codes":
            ErrorText(
                what: text("The portal has given too many codes for this T.C. Kimlik No in a short time."),
                remedy: text("Wait a few minutes and start again."))
        case "bad-signature":
            ErrorText(what: text("The portal did not accept the signature."), remedy: whatToDo("PortalRefused"))
        case "text-mismatch":
            ErrorText(
                what: text("The portal says that something else was signed than it asked for."),
                remedy: whatToDo("PortalRefused"))
        case "too-large":
            ErrorText(
                what: text("The portal says that the signature is too large."), remedy: whatToDo("PortalRefused"))
        case "wrong-number":
            ErrorText(what: text("The number that confirms the sign-in was wrong."), remedy: whatToDo("CodeUsed"))
        case "no-session", "not-logged-in":
            ErrorText(what: text("The sign-in at the portal has ended."), remedy: whatToDo("CodeUsed"))
        case "not-found":
            ErrorText(
                what: text("The portal does not know what it was asked for."), remedy: whatToDo("PortalUntrusted"))
        default: nil
        }
    }

    /// "option wait", "type of option wait": the option whose value was not taken is named as the interface names it.
    private func argument(_ detail: String) -> ErrorText? {
        let words = detail.split(separator: " ")
        guard words.count >= 2, words[words.count - 2] == "option", let name = words.last, name.utf8.count <= 40,
            name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        return ErrorText(
            what: text("The value for \"%1\" is unknown, of the wrong kind or out of range.", String(name)),
            remedy: whatToDo("InvalidArgument"))
    }
}
