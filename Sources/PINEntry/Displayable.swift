// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Makes text from outside (a certificate's name, a program's) safe to show.
public enum Displayable {
    /// The text on one line; what cannot be seen, or changes how its neighbours are seen, becomes U+FFFD.
    public static func line(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { shown.append(isShowable(scalar) ? scalar : "\u{FFFD}") }
        return String(shown)
    }

    /// The same, cut to so many characters with "…" where something was left out.
    public static func line(_ text: String, atMost length: Int) -> String {
        let whole = line(text)
        return whole.count <= length ? whole : whole.prefix(length - 1) + "…"
    }

    /// The text with its LFs kept.
    public static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\n")
    }

    private static func isShowable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
