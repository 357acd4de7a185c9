// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Texts

@Suite(.timeLimit(.minutes(1)))
struct ZoneRuleTests {
    @Test func aFixedOffsetHoldsForEver() {
        #expect(ZoneRule(posix: "<+03>-3")?.offset(at: 4_000_000_000) == 10_800)
        #expect(ZoneRule(posix: "NST3:30")?.offset(at: 0) == -12_600)
    }

    @Test func centralEuropeChangesAtOneOClockUTC() throws {
        let rule = try #require(ZoneRule(posix: "CET-1CEST,M3.5.0,M10.5.0/3"))
        // 31 March and 27 October 2041 are the last Sundays of their months.
        #expect(rule.offset(at: 2_248_304_399) == 3600)
        #expect(rule.offset(at: 2_248_304_400) == 7200)
        #expect(rule.offset(at: 2_266_448_399) == 7200)
        #expect(rule.offset(at: 2_266_448_400) == 3600)
    }

    @Test func southernSummerSpansNewYear() throws {
        let rule = try #require(ZoneRule(posix: "AEST-10AEDT,M10.1.0,M4.1.0/3"))
        #expect(rule.offset(at: 2_240_611_200) == 39_600)  // 1 January 2041
        #expect(rule.offset(at: 2_256_249_600) == 36_000)  // 1 July 2041
    }

    @Test func daysOfTheYearCountAsTheyAreWritten() throws {
        let julian = try #require(ZoneRule(posix: "AAA0BBB,J60/0,J61/0"))
        let counted = try #require(ZoneRule(posix: "AAA0BBB,59/0,60/0"))
        let leapDay: Int64 = 1_709_164_800  // 29 February 2024
        #expect(julian.offset(at: leapDay) == 0)
        #expect(julian.offset(at: leapDay + 86_400) == 3600)
        #expect(counted.offset(at: leapDay) == 3600)
        #expect(counted.offset(at: leapDay + 86_400) == 0)
        #expect(julian.offset(at: 1_740_787_200) == 3600)  // 1 March 2025
    }

    @Test(arguments: [
        "", "AB3", "<+03-3", "CET", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-168",
        "CET-1CEST,J0,J60", "CET-1CEST,366,60", "CET-1:60", "CET-1CEST,M3.5.0/,M10.5.0",
    ])
    func whatIsNoRuleIsRefused(text: String) {
        #expect(ZoneRule(posix: text) == nil)
    }
}
