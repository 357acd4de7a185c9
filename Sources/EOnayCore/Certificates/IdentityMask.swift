// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Hides numbers by which people are known in text that somebody else wrote: a certificate's names.
public enum IdentityMask {
    /// Ten digits are a tax number, eleven a T.C. Kimlik No or a foreigner's number.
    private static let shortest = 10
    /// As many digits stay as `NationalIdentity.masked` shows.
    private static let shown = 3

    /// The text, with every digit but the first three of each long number replaced by "*".
    ///
    /// A number has ten digits or more, of any script, each after the other or with one blank, point, hyphen or slash in
    /// between.
    public static func masked(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        var digits: [Int] = []
        for place in scalars.indices {
            if isDigit(scalars[place]) {
                if let last = digits.last, place - last > 2 || (place - last == 2 && !joins(scalars[last + 1])) {
                    hide(digits, in: &scalars)
                    digits = []
                }
                digits.append(place)
            }
        }
        hide(digits, in: &scalars)
        var shown = String.UnicodeScalarView()
        shown.append(contentsOf: scalars)
        return String(shown)
    }

    private static func hide(_ digits: [Int], in scalars: inout [Unicode.Scalar]) {
        guard digits.count >= shortest else { return }
        for place in digits.dropFirst(shown) { scalars[place] = "*" }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "-", "/": true
        default: [.spaceSeparator, .format, .dashPunctuation].contains(scalar.properties.generalCategory)
        }
    }
}
