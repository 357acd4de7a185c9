// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What an error means to a person: what happened, and the one thing to do next.
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
    /// The sentences for an error name of the bus contract, with or without its prefix; an unknown name is told as an
    /// internal error.
    ///
    /// - Parameter detail: the machine-readable word that goes with the name. Where it says more than the name does, so do the sentences;
    ///   the word itself is for logs and programs, and never part of a sentence.
    public func error(_ name: String, detail: String = "") -> ErrorText {
        let code = name.split(separator: ".").last.map(String.init) ?? ""
        return special(code, detail) ?? ErrorText(what: whatHappened(code), remedy: whatToDo(code))
    }

    /// The same of an error that stands at a card: one without a certificate is not told as a call that named none.
    public func cardError(_ name: String) -> ErrorText {
        let text = error(name)
        guard name.hasSuffix("NoCertificate") else { return text }
        return ErrorText(what: self.text("There is no certificate on this card."), remedy: text.remedy)
    }
}
