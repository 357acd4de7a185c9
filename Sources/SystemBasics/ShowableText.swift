// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Makes text from outside (a certificate's name, a program's) safe to show.
public enum ShowableText {
    /// The text on one line; each character that is not showable becomes U+FFFD.
    public static func line(_ text: String) -> String { replacing(in: text) { !$0.isShowable } }

    /// The same, cut to so many characters with "…" where something was left out.
    public static func line(_ text: String, atMost length: Int) -> String {
        let whole = line(text)
        return whole.count <= length ? whole : whole.prefix(length - 1) + "…"
    }

    /// The text with its LFs kept.
    public static func lines(_ text: String) -> String { replacing(in: text) { !$0.isShowable && $0 != "\n" } }

    /// The text without the characters that are not showable.
    public static func stripped(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter(\.isShowable)))
    }

    private static func replacing(in text: String, _ isBad: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isBad) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isBad($0) ? "\u{FFFD}" : $0 }))
    }
}

extension Unicode.Scalar {
    /// False for characters that cannot be seen, or that change how their neighbours are seen: control and format characters, line and
    /// paragraph separators, surrogates, private use and unassigned ones.
    public var isShowable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
