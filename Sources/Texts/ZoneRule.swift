// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A zone's rule for all time to come: a POSIX TZ string with the extensions of RFC 9636, section 3.3.1, such as
/// "<+03>-3" or "CET-1CEST,M3.5.0,M10.5.0/3".
struct ZoneRule: Sendable, Equatable {
    private let standard: Int
    private let daylight: Daylight?

    private struct Daylight: Equatable {
        var offset: Int
        var start: YearlyMoment
        var end: YearlyMoment
    }

    /// Nil where the text is not such a string.
    init?(posix text: String) {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard scanner.skipName(), let west = scanner.time() else { return nil }
        standard = -west
        if scanner.rest.isEmpty {
            daylight = nil
            return
        }
        guard scanner.skipName() else { return nil }
        var offset = standard + 3600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard scanner.skip(","), let start = scanner.moment(), scanner.skip(","), let end = scanner.moment(),
            scanner.rest.isEmpty
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    func offset(at seconds: Int64) -> Int {
        guard let daylight else { return standard }
        let year = LocalTime(clockSeconds: seconds + Int64(standard)).year
        let start = daylight.start.clockSeconds(year: year) - Int64(standard)
        let end = daylight.end.clockSeconds(year: year) - Int64(daylight.offset)
        // South of the equator summer spans the turn of the year.
        let isDaylight = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isDaylight ? daylight.offset : standard
    }
}

/// A day of each year and a time on that day's clock.
private struct YearlyMoment: Equatable {
    enum Day: Equatable {
        /// "J60": 1 to 365, 29 February never counted.
        case ofYearWithoutLeapDay(Int)
        /// "60": 0 to 365, 29 February counted.
        case ofYear(Int)
        /// "M3.5.0": weekday (0 is Sunday) of a week of a month; week 5 is the last.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    var day: Day
    /// Seconds after that day's midnight; may lie on another day.
    var time: Int

    func clockSeconds(year: Int) -> Int64 {
        let newYear = LocalTime.days(year: year, month: 1, day: 1)
        let days =
            switch day {
            case .ofYear(let number): newYear + number
            case .ofYearWithoutLeapDay(let number):
                LocalTime.days(year: year, month: 3, day: 1) - newYear == 60 && number >= 60
                    ? newYear + number : newYear + number - 1
            case .weekday(let month, let week, let weekday):
                Self.days(year: year, month: month, week: week, weekday: weekday)
            }
        return Int64(days) * 86_400 + Int64(time)
    }

    private static func days(year: Int, month: Int, week: Int, weekday: Int) -> Int {
        let first = LocalTime.days(year: year, month: month, day: 1)
        let next = LocalTime.days(year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1)
        let firstWeekday = ((first + 4) % 7 + 7) % 7  // 1 January 1970 was a Thursday
        let candidate = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
        return candidate < next ? candidate : candidate - 7
    }
}

/// Takes the parts of a TZ string from its front; what does not fit gives nil.
private struct Scanner {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Three letters or more, or anything in angle brackets.
    mutating func skipName() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let letters = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.prefix(4)
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int($1 & 0xF) }
        return !digits.isEmpty && range.contains(value) ? value : nil
    }

    /// "[+-]hours[:minutes[:seconds]]" in seconds.
    mutating func time() -> Int? {
        let sign = skip("-") ? -1 : 1
        if sign == 1 { _ = skip("+") }
        guard let hours = number(0...167) else { return nil }
        var seconds = hours * 3600
        if skip(":") {
            guard let minutes = number(0...59) else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let last = number(0...59) else { return nil }
                seconds += last
            }
        }
        return sign * seconds
    }

    /// A date, and "/time" where it is not two o'clock.
    mutating func moment() -> YearlyMoment? {
        guard let day = date() else { return nil }
        guard skip("/") else { return YearlyMoment(day: day, time: 7200) }
        return time().map { YearlyMoment(day: day, time: $0) }
    }

    private mutating func date() -> YearlyMoment.Day? {
        if skip("J") { return number(1...365).map { .ofYearWithoutLeapDay($0) } }
        guard skip("M") else { return number(0...365).map { .ofYear($0) } }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
            let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
