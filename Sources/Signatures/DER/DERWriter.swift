// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Times between DER and seconds since 1970, UTC.
enum DERTime {
    /// Reads a UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5).
    ///
    /// Forgiving rules also take a GeneralizedTime with fractions of a second, which are dropped.
    static func seconds(_ element: DERElement, rules: DERReader.Rules) throws(DERError) -> Int64 {
        var digits = element.content
        guard digits.last == UInt8(ascii: "Z") else { throw DERError(.badValue) }
        digits = digits.dropLast()
        let year: Int
        switch element.tag {
        case DERTag.utcTime:
            guard digits.count == 12 else { throw DERError(.badValue) }
            let short = try number(&digits, digits: 2)
            year = short < 50 ? 2000 + short : 1900 + short
        case DERTag.generalizedTime:
            if rules == .forgiving, digits.count > 15, digits[digits.startIndex + 14] == UInt8(ascii: ".") {
                let fraction = digits.dropFirst(15)
                guard fraction.allSatisfy({ (0x30...0x39).contains($0) }) else { throw DERError(.badValue) }
                digits = digits.prefix(14)
            }
            guard digits.count == 14 else { throw DERError(.badValue) }
            year = try number(&digits, digits: 4)
        default: throw DERError(.unexpectedTag)
        }
        let time = CivilTime(
            year: year, month: try number(&digits, digits: 2), day: try number(&digits, digits: 2),
            hour: try number(&digits, digits: 2), minute: try number(&digits, digits: 2),
            second: try number(&digits, digits: 2))
        guard let seconds = time.secondsUTC else { throw DERError(.badValue) }
        return seconds
    }

    /// Writes a time as RFC 5280 and RFC 5652 want it: UTCTime from 1950 to 2049, GeneralizedTime otherwise.
    static func encoded(_ seconds: Int64) -> [UInt8] {
        let time = CivilTime(utc: seconds)
        let rest = [time.month, time.day, time.hour, time.minute, time.second].map { CivilTime.digits($0, 2) }
        let isShort = (1950...2049).contains(time.year)
        let year = isShort ? CivilTime.digits(time.year % 100, 2) : CivilTime.digits(time.year, 4)
        return DERWriter.element(
            isShort ? DERTag.utcTime : DERTag.generalizedTime, Array((year + rest.joined() + "Z").utf8))
    }

    private static func number(_ digits: inout ArraySlice<UInt8>, digits count: Int) throws(DERError) -> Int {
        var value = 0
        for digit in digits.prefix(count) {
            guard (0x30...0x39).contains(digit) else { throw DERError(.badValue) }
            value = value * 10 + Int(digit - 0x30)
        }
        digits = digits.dropFirst(count)
        return value
    }
}

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

/// Builds DER bottom-up: each function takes finished content and gives a finished element.
enum DERWriter {
    static func element(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        var octets: [UInt8] = [tag]
        let count = content.count
        if count < 0x80 {
            octets.append(UInt8(count))
        } else {
            let length = withUnsafeBytes(of: UInt64(count).bigEndian) { Array($0.drop { $0 == 0 }) }
            octets.append(0x80 | UInt8(length.count))
            octets += length
        }
        octets += content
        return octets
    }

    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(DERTag.sequence, elements.joined().map { $0 })
    }

    /// The content octets of a SET OF: the elements in ascending order of their encodings (X.690, 11.6).
    static func sortedContent(_ elements: [[UInt8]]) -> [UInt8] {
        elements.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
    }

    static func setOf(_ elements: [[UInt8]], tag: UInt8 = DERTag.set) -> [UInt8] {
        element(tag, sortedContent(elements))
    }

    static func objectIdentifier(_ identifier: ObjectIdentifier) -> [UInt8] {
        element(DERTag.objectIdentifier, identifier.content)
    }

    static func octetString(_ octets: some Collection<UInt8>) -> [UInt8] {
        element(DERTag.octetString, octets)
    }

    /// An INTEGER from an unsigned big-endian number of any length.
    static func unsignedInteger(_ magnitude: some Collection<UInt8>) -> [UInt8] {
        var octets = Array(magnitude.drop { $0 == 0 })
        if octets.isEmpty || octets[0] >= 0x80 { octets.insert(0, at: 0) }
        return element(DERTag.integer, octets)
    }

    static func integer(_ value: UInt8) -> [UInt8] {
        unsignedInteger([value])
    }

    static let null: [UInt8] = [DERTag.null, 0]
}
