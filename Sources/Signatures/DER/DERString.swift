// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The text of ASN.1's character strings.
enum DERString {
    /// The text of a string element, or nil where the element is none.
    ///
    /// Never fails on bad characters: they become U+FFFD. A person's name with one broken letter is still shown.
    static func text(_ element: DERElement) -> String? {
        text(element.content, as: element.tag)
    }

    /// The text of a string element whose octets are all that its type allows, so that different octets give different
    /// texts; nil for any other.
    static func exactText(_ element: DERElement) -> String? {
        switch element.tag {
        case DERTag.utf8String: String(validating: element.content, as: UTF8.self)
        case DERTag.bmpString:
            element.content.count % 2 == 0 ? withoutReplacement(text(element)) : nil
        case DERTag.universalString:
            element.content.count % 4 == 0 ? withoutReplacement(text(element)) : nil
        default: text(element)
        }
    }

    private static func withoutReplacement(_ text: String?) -> String? {
        guard let text, !text.unicodeScalars.contains("\u{FFFD}") else { return nil }
        return text
    }

    /// The text of content whose own tag was replaced by an IMPLICIT one.
    static func text(_ content: ArraySlice<UInt8>, as tag: UInt8) -> String? {
        switch tag {
        case DERTag.utf8String: String(decoding: content, as: UTF8.self)
        case DERTag.bmpString: wide(content, octets: 2)
        case DERTag.universalString: wide(content, octets: 4)
        case DERTag.printableString, DERTag.ia5String, DERTag.numericString, DERTag.visibleString, DERTag.teletexString:
            latin5(content)
        default: nil
        }
    }

    /// ASCII strings with octets above 0x7F do occur: Turkish software of the 2000s wrote ISO 8859-9 into them.
    private static func latin5(_ content: ArraySlice<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for octet in content {
            text.append(latin5Differences[octet] ?? Unicode.Scalar(octet))
        }
        return String(text)
    }

    /// ISO 8859-9 is ISO 8859-1 but for six letters.
    private static let latin5Differences: [UInt8: Unicode.Scalar] = [
        0xD0: "Ğ", 0xDD: "İ", 0xDE: "Ş", 0xF0: "ğ", 0xFD: "ı", 0xFE: "ş",
    ]

    private static func wide(_ content: ArraySlice<UInt8>, octets: Int) -> String {
        var text = String.UnicodeScalarView()
        var units: [UInt16] = []
        var position = content.startIndex
        while content.endIndex - position >= octets {
            let unit = content[position..<position + octets].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            position += octets
            if octets == 2 { units.append(UInt16(unit)) } else { text.append(Unicode.Scalar(unit) ?? "\u{FFFD}") }
        }
        return octets == 2 ? String(decoding: units, as: UTF16.self) : String(text)
    }
}
