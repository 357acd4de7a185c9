// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SystemBasics

@Suite(.timeLimit(.minutes(1)))
struct ZoneRuleTests {
    @Test func aFixedOffsetHoldsForEver() {
        #expect(Zone("rule", variable: "<+03>-3").offset(at: 4_000_000_000) == 10_800)
        #expect(Zone("rule", variable: "NST3:30").offset(at: 0) == -12_600)
    }

    @Test func centralEuropeChangesAtOneOClockUTC() {
        let rule = Zone("rule", variable: "CET-1CEST,M3.5.0,M10.5.0/3")
        // 31 March and 27 October 2041 are the last Sundays of their months.
        #expect(rule.offset(at: 2_248_304_399) == 3600)
        #expect(rule.offset(at: 2_248_304_400) == 7200)
        #expect(rule.offset(at: 2_266_448_399) == 7200)
        #expect(rule.offset(at: 2_266_448_400) == 3600)
    }

    @Test func southernSummerSpansNewYear() {
        let rule = Zone("rule", variable: "AEST-10AEDT,M10.1.0,M4.1.0/3")
        #expect(rule.offset(at: 2_240_611_200) == 39_600)  // 1 January 2041
        #expect(rule.offset(at: 2_256_249_600) == 36_000)  // 1 July 2041
    }

    @Test func daysOfTheYearCountAsTheyAreWritten() {
        let julian = Zone("rule", variable: "AAA0BBB,J60/0,J61/0")
        let counted = Zone("rule", variable: "AAA0BBB,59/0,60/0")
        let leapDay: Int64 = 1_709_164_800  // 29 February 2024
        #expect(julian.offset(at: leapDay) == 0)
        #expect(julian.offset(at: leapDay + 86_400) == 3600)
        #expect(counted.offset(at: leapDay) == 3600)
        #expect(counted.offset(at: leapDay + 86_400) == 0)
        #expect(julian.offset(at: 1_740_787_200) == 3600)  // 1 March 2025
    }
}
