// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Texts

/// The text that a person reads before entering the PIN. Nothing in it can move a cursor, colour a terminal or turn the direction
/// of the text: every string is made displayable on its way in.
public struct PromptText: Equatable, Sendable {
    /// The window's title.
    public let title: String
    /// The text, line by line.
    public let lines: [String]
    /// The label of the entry: "PIN".
    public let prompt: String
    /// The button that signs, and the one that does not.
    public let accept: String
    public let cancel: String
    /// The fault of the last entry, or the risk of this one; empty where there is none.
    public let warning: String

    public init(
        title: String, lines: [String], prompt: String, accept: String, cancel: String, warning: String = ""
    ) {
        self.title = ShowableText.line(title)
        self.lines = lines.map { ShowableText.lines($0) }
        self.prompt = ShowableText.line(prompt)
        self.accept = ShowableText.line(accept)
        self.cancel = ShowableText.line(cancel)
        self.warning = ShowableText.line(warning)
    }

    /// Whether a pinentry can show all of it; one that cannot would refuse the whole text.
    public var fitsPinentry: Bool {
        AssuanLine.fits("SETDESC", description(wrapped: true))
    }

    /// The text as a pinentry is given it.
    ///
    /// - Parameter wrapped: broken between words, for one that does not do that itself and would show the rest of a long
    ///   line beyond the edge of the screen.
    func description(wrapped: Bool) -> String {
        let text = lines.joined(separator: "\n")
        guard wrapped else { return text }
        return DisplayWidth.wrapped(text, to: Self.width).joined(separator: "\n")
    }

    /// So many characters fit on a line of a window that is as wide as half of a small screen.
    private static let width = 70

    /// The same text with another warning.
    public func warning(_ warning: String) -> Self {
        Self(title: title, lines: lines, prompt: prompt, accept: accept, cancel: cancel, warning: warning)
    }
}
