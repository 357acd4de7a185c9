// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An instant as the contract writes it: RFC 3339 in UTC, to the second.
public struct Timestamp: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    /// Reads `2026-11-22T12:55:36Z`; a fraction of a second is dropped, an offset other than Z is not read.
    public init?(_ text: String) {
        let octets = Array(text.utf8)
        guard octets.count >= 20, octets.last == UInt8(ascii: "Z") else { return nil }
        for (place, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
            guard octets[place] == mark.utf8.first else { return nil }
        }
        if octets.count > 20 {
            let fraction = octets[20..<octets.count - 1]
            guard octets[19] == UInt8(ascii: "."), !fraction.isEmpty, fraction.allSatisfy(Self.isDigit) else {
                return nil
            }
        }
        func number(_ range: Range<Int>) -> Int64? {
            octets[range].allSatisfy(Self.isDigit) ? Int64(String(decoding: octets[range], as: UTF8.self)) : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        // 30 February would turn up as a day of March.
        guard Self.date(days: days) == (year, month, day) else { return nil }
        seconds = days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// `2026-11-22T12:55:36Z`.
    public var text: String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - days * 86_400
        let (year, month, day) = Self.date(days: days)
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
            + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2) + "Z"
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    /// Days since 1970 of a day of the Gregorian calendar. A year is counted from March, so that the leap day is its
    /// last and needs no case of its own; an era of 400 years always has 146,097 days, 719,468 of them lie between
    /// 0000-03-01 and 1970-01-01.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The reverse of `days(year:month:day:)`.
    private static func date(days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
