// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CivilTimeTests {
    @Test func timeIsOfTheGregorianCalendar() {
        #expect(
            CivilTime(utc: 951_782_399) == CivilTime(year: 2000, month: 2, day: 28, hour: 23, minute: 59, second: 59))
        #expect(CivilTime(utc: 951_782_400).day == 29)
        #expect(CivilTime(utc: -1) == CivilTime(year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59))
        #expect(CivilTime(utc: .max).year == 9999)
        #expect(CivilTime(utc: .min).year == 0)
    }

    @Test func daysAndDatesAreInverse() {
        for day in stride(from: Int64(-719_000), through: 1_460_000, by: 487) {
            let time = CivilTime(utc: day * 86_400)
            #expect(time.secondsUTC == day * 86_400)
        }
    }

    @Test func aDayThatTheCalendarDoesNotHaveIsNoInstant() {
        #expect(CivilTime(year: 2026, month: 2, day: 29).secondsUTC == nil)
        #expect(CivilTime(year: 2028, month: 2, day: 29).secondsUTC == 1_835_395_200)
        #expect(CivilTime(year: 2026, month: 4, day: 31).secondsUTC == nil)
        #expect(CivilTime(year: 2026, month: 13, day: 1).secondsUTC == nil)
        #expect(CivilTime(year: 2026, month: 1, day: 1, hour: 24).secondsUTC == nil)
        #expect(CivilTime(year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59).secondsUTC == -1)
    }

    @Test func datesAndTimesHaveTheirZeros() {
        let time = CivilTime(year: 805, month: 1, day: 2, hour: 3, minute: 4, second: 5)
        #expect(time.date == "0805-01-02" && time.clock == "03:04:05")
    }
}
