// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Testing
import Texts

@testable import CommandLineClient

@Suite(.timeLimit(.minutes(1)))
struct CalendarDayTests {
    @Test(arguments: ["2026-12-31", "31.12.2026"])
    func aDayBeginsAtMidnightOfTheZone(text: String) {
        #expect(CalendarDay(text)?.start(in: .istanbul) == 1_798_664_400)
        #expect(CalendarDay(text)?.start(in: .utc) == 1_798_675_200)
    }

    @Test(arguments: ["", "tomorrow", "2026-13-01", "31.02.2027", "2026-12-31-1", "31.12.26", "2026-1-x", "-5-1-1"])
    func whatIsNoDayIsNone(text: String) {
        #expect(CalendarDay(text)?.start(in: .istanbul) == nil)
    }

    @Test func leapDaysAndSummerTime() throws {
        let berlin = try #require(Zone(named: "Europe/Berlin"))
        for (text, month, day) in [("2028-02-29", 2, 29), ("2027-03-28", 3, 28), ("2027-10-31", 10, 31)] {
            let start = try #require(CalendarDay(text)?.start(in: berlin))
            let time = berlin.time(at: start)
            #expect((time.month, time.day, time.hour, time.minute) == (month, day, 0, 0))
        }
    }
}
