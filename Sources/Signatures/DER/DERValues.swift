// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Times between DER and seconds since 1970, UTC, by the proleptic Gregorian calendar.
enum DERTime {
    /// Reads a UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5).
    ///
    /// Forgiving rules also take a GeneralizedTime with fractions of a second, which are dropped.
    static func seconds(_ element: DERElement, rules: DERReader.Rules) throws(DERError) -> Int64 {
        var digits = element.content
        guard digits.last == UInt8(ascii: "Z") else { throw DERError(.badValue) }
        digits = digits.dropLast()
        let year: Int64
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
        let month = try number(&digits, digits: 2)
        let day = try number(&digits, digits: 2)
        let hour = try number(&digits, digits: 2)
        let minute = try number(&digits, digits: 2)
        let second = try number(&digits, digits: 2)
        guard (1...12).contains(month), (1...days(in: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { throw DERError(.badValue) }
        return daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// Writes a time as RFC 5280 and RFC 5652 want it: UTCTime from 1950 to 2049, GeneralizedTime otherwise.
    static func encoded(_ seconds: Int64) -> [UInt8] {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - day * 86_400
        let (year, month, dayOfMonth) = date(daysSince1970: day)
        let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map(twoDigits).joined()
        let date = twoDigits(month) + twoDigits(dayOfMonth)
        if (1950...2049).contains(year) {
            return DERWriter.element(DERTag.utcTime, Array((twoDigits(year % 100) + date + clock + "Z").utf8))
        }
        let century = twoDigits(year / 100) + twoDigits(year % 100)
        return DERWriter.element(DERTag.generalizedTime, Array((century + date + clock + "Z").utf8))
    }

    private static func twoDigits(_ value: Int64) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    private static func number(_ digits: inout ArraySlice<UInt8>, digits count: Int) throws(DERError) -> Int64 {
        var value: Int64 = 0
        for digit in digits.prefix(count) {
            guard (0x30...0x39).contains(digit) else { throw DERError(.badValue) }
            value = value * 10 + Int64(digit - 0x30)
        }
        digits = digits.dropFirst(count)
        return value
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counted in years that begin with March, so that the leap day comes last; years from 0 on.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leapDays = floorDivide(marchYear, 4) - floorDivide(marchYear, 100) + floorDivide(marchYear, 400)
        return marchYear * 365 + leapDays + (marchMonth * 306 + 5) / 10 + day - 1 - 719_468
    }

    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // An estimate that is at most one year late, then set right.
        var year = floorDivide((days + 719_468) * 400, 146_097)
        while daysSince1970(year, 3, 1) > days { year -= 1 }
        while daysSince1970(year + 1, 3, 1) <= days { year += 1 }
        let dayOfYear = days - daysSince1970(year, 3, 1)
        let marchMonth = (dayOfYear * 10 + 5) / 306
        let day = dayOfYear - (marchMonth * 306 + 5) / 10 + 1
        return marchMonth < 10 ? (year, marchMonth + 3, day) : (year + 1, marchMonth - 9, day)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
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
