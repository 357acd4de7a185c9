// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

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
    init(of time: CivilTime) { (year, month, day) = (time.year, time.month, time.day) }

    /// "2026-12-31".
    var iso: String { CivilTime(year: year, month: month, day: day).date }

    /// "31.12.2026".
    var turkish: String {
        [CivilTime.digits(day, 2), CivilTime.digits(month, 2), CivilTime.digits(year, 4)].joined(separator: ".")
    }

    /// The instant at which the day begins in that zone, UTC; nil where there is no such day.
    ///
    /// On a day that clocks begin by skipping midnight, its first instant.
    func start(in zone: Zone) -> Int64? {
        guard let clock = CivilTime(year: year, month: month, day: day).secondsUTC else { return nil }
        // The offset before or after midnight: one of the two is the day's own.
        let candidates = [-86_400, 0, 86_400].map { clock - Int64(zone.offset(at: clock + $0)) }
        return candidates.sorted().first { isThisDay(zone.time(at: $0)) && !isThisDay(zone.time(at: $0 - 1)) }
    }

    private func isThisDay(_ time: CivilTime) -> Bool {
        (time.year, time.month, time.day) == (year, month, day)
    }
}
