// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// A day of the Gregorian calendar, as people write it.
struct CalendarDay: Equatable, Sendable {
    let year, month, day: Int

    /// "2026-12-31" or, as in Turkey, "31.12.2026"; nil for anything else. Whether there is such a day shows in `start(in:)`.
    init?(_ text: String) {
        let iso = text.split(separator: "-", omittingEmptySubsequences: false)
        let turkish = text.split(separator: ".", omittingEmptySubsequences: false)
        let parts = iso.count == 3 ? iso : turkish.reversed()
        guard parts.count == 3, parts[0].utf8.count == 4,
            parts.allSatisfy({ (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The day on which that time is.
    init(of time: LocalTime) { (year, month, day) = (time.year, time.month, time.day) }

    /// "2026-12-31".
    var iso: String { [Self.digits(year, 4), Self.digits(month, 2), Self.digits(day, 2)].joined(separator: "-") }

    /// "31.12.2026".
    var turkish: String { [Self.digits(day, 2), Self.digits(month, 2), Self.digits(year, 4)].joined(separator: ".") }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// The instant at which the day begins in that zone, UTC; nil where there is no such day.
    ///
    /// Where clocks are put forward at midnight, the first instant of the day.
    func start(in zone: Zone) -> Int64? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let clock = Int64(daysSince1970) * 86_400
        // The offset before or after midnight: one of the two is the day's own.
        let candidates = [-86_400, 0, 86_400].map { clock - Int64(zone.offset(at: clock + $0)) }
        return candidates.sorted().first { isThisDay(zone.localTime(at: $0)) && !isThisDay(zone.localTime(at: $0 - 1)) }
    }

    private func isThisDay(_ time: LocalTime) -> Bool {
        (time.year, time.month, time.day) == (year, month, day)
    }

    /// Years are counted from March, so that the leap day is the last of its year.
    private var daysSince1970: Int {
        let (marchYear, marchMonth) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leapDays + (153 * marchMonth + 2) / 5 + day - 1 - 719_468
    }
}
