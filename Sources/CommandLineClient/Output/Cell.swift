// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// A piece of text and what it means to the eye.
struct Cell: Equatable, Sendable, ExpressibleByStringInterpolation {
    enum Style: Sendable {
        case plain, strong, faint, good, warning, bad

        /// The terminal's code (ECMA-48, SGR); the sixteen colours of the person's own palette.
        fileprivate var code: String {
            switch self {
            case .plain: ""
            case .strong: "1"
            case .faint: "2"
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            }
        }
    }

    let text: String
    let style: Style

    /// Names from outside are made showable: what cannot be seen, or moves the cursor, becomes U+FFFD.
    init(_ text: String, _ style: Style = .plain, keepsLines: Bool = false) {
        self.text = Self.showable(text, keepsLines: keepsLines)
        self.style = style
    }

    init(stringLiteral value: String) { self.init(value) }

    var width: Int { DisplayWidth.of(text) }

    /// The text as the stream wants it.
    func shown(inColour: Bool) -> String {
        guard inColour, style != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(style.code)m\(text)\u{1B}[0m"
    }

    static func showable(_ text: String, keepsLines: Bool = false) -> String {
        let isFine = { (scalar: Unicode.Scalar) in isShowable(scalar) || (keepsLines && scalar == "\n") }
        guard !text.unicodeScalars.allSatisfy(isFine) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { shown.append(isFine(scalar) ? scalar : "\u{FFFD}") }
        return String(shown)
    }

    private static func isShowable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
