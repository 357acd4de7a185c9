// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Times are UTC seconds since 1970, shown as they are in `zone`.
extension Texts {
    /// "22 November 2026", "22 Kasım 2026".
    public func day(_ seconds: Int64) -> String {
        let time = zone.time(at: seconds)
        return "\(time.day) \(monthName(time.month)) \(time.year)"
    }

    /// "22 November 2026 14:05", "22 Kasım 2026 14:05".
    public func date(_ seconds: Int64) -> String {
        "\(day(seconds)) \(timeOfDay(seconds).dropLast(3))"
    }

    /// The time of day to the second, for deadlines: "14:05:10".
    public func timeOfDay(_ seconds: Int64) -> String {
        zone.time(at: seconds).clock
    }

    /// "1 day", "30 days", "30 gün".
    public func days(_ count: Int) -> String {
        text("%1 day", plural: "%1 days", count: count)
    }

    /// A span in its two largest units: "2 days 4 h", "4 min 10 s", "4 dk 10 sn". One below a second, or less than
    /// nothing is "0 s".
    public func duration(seconds: Int64) -> String {
        let total = Int(max(0, seconds))
        let parts = [
            (total / 86_400, days(total / 86_400)),
            (total / 3600 % 24, text("%1 h", total / 3600 % 24)),
            (total / 60 % 60, text("%1 min", total / 60 % 60)),
            (total % 60, text("%1 s", total % 60)),
        ]
        guard let largest = parts.firstIndex(where: { $0.0 > 0 }) else { return text("%1 s", 0) }
        return parts[largest...].prefix(2).filter { $0.0 > 0 }.map(\.1).joined(separator: " ")
    }

    private func monthName(_ month: Int) -> String {
        switch month {
        case 1: text("January")
        case 2: text("February")
        case 3: text("March")
        case 4: text("April")
        case 5: text("May")
        case 6: text("June")
        case 7: text("July")
        case 8: text("August")
        case 9: text("September")
        case 10: text("October")
        case 11: text("November")
        default: text("December")
        }
    }
}
