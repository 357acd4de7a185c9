// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Texts

@Suite(.timeLimit(.minutes(1)))
struct ZoneTests {
    @Test func istanbulKeptSummerTimeUntil2016() {
        #expect(Zone.istanbul.offset(at: 1_451_606_400) == 7200)  // 1 January 2016
        #expect(Zone.istanbul.offset(at: 1_467_331_200) == 10_800)  // 1 July 2016
        #expect(Zone.istanbul.offset(at: 1_483_228_800) == 10_800)  // 1 January 2017
        #expect(Zone.istanbul.offset(at: 4_102_444_800) == 10_800)  // 1 January 2100
    }

    @Test func aMachineWithoutTheDatabaseStillKnowsTurkishTime() {
        #expect(Zone(named: "Europe/Istanbul", folder: "/nonexistent") == nil)
        #expect(Zone("Europe/Istanbul", offset: 10_800).localTime(at: 0).hour == 3)
    }

    @Test(arguments: ["", "/etc/passwd", "../../etc/passwd", "Europe//Istanbul", "Europe", "Mars/Olympus", "tzdata.zi"])
    func whatNamesNoZoneGivesNone(name: String) {
        #expect(Zone(named: name) == nil)
    }

    @Test func localTimeIsOfTheGregorianCalendar() {
        #expect(
            Zone.utc.localTime(at: 951_782_399)
                == LocalTime(year: 2000, month: 2, day: 28, hour: 23, minute: 59, second: 59))
        #expect(Zone.utc.localTime(at: 951_782_400).day == 29)
        #expect(
            Zone.utc.localTime(at: -1)
                == LocalTime(year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59))
        #expect(Zone.utc.localTime(at: .max).year == 9999)
        #expect(Zone.utc.localTime(at: .min).year == 0)
    }

    @Test func daysAndDatesAreInverse() {
        for days in stride(from: -1_460_000, through: 1_460_000, by: 487) {
            let time = LocalTime(clockSeconds: Int64(days) * 86_400)
            #expect(LocalTime.days(year: time.year, month: time.month, day: time.day) == days)
        }
    }

    /// Foundation's own reader of the same database is the judge, through four centuries.
    @Test(arguments: [
        "Europe/Istanbul", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu",
        "America/St_Johns",
        "Africa/Casablanca", "Europe/Dublin", "Pacific/Apia", "Etc/UTC",
    ])
    func offsetsAreThoseOfTheDatabase(name: String) throws {
        let zone = try #require(Zone(named: name))
        let judge = try #require(TimeZone(identifier: name))
        for seconds in stride(from: Int64(-2_000_000_000), to: 2_145_000_000, by: 1_234_567) {
            let expected = judge.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            #expect(zone.offset(at: seconds) == expected, "at \(seconds)")
        }
    }

    @Test func aDamagedFileIsRefusedAndNeverReadPastItsEnd() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin")))
        _ = try ZoneTable(tzif: bytes)
        for length in 0..<bytes.count - 1 {
            #expect(throws: ZoneTable.Malformed.self) { try ZoneTable(tzif: Array(bytes.prefix(length))) }
        }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0xFF
            _ = try? ZoneTable(tzif: damaged).offset(at: 1_795_345_500)
        }
    }
}
