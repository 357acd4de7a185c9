// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SystemBasics

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
        #expect(Zone("Europe/Istanbul", variable: "<+03>-3").time(at: 0).hour == 3)
    }

    @Test(arguments: ["", "/etc/passwd", "../../etc/passwd", "Europe//Istanbul", "Europe", "Mars/Olympus", "tzdata.zi"])
    func whatNamesNoZoneGivesNone(name: String) {
        #expect(Zone(named: name) == nil)
    }

    @Test func onlyACompiledFileIsAZone() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "eonay-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // what is left is in the temporary folder
        try Data("TZif2".utf8).write(to: folder.appending(path: "Good"))
        try Data("TZi".utf8).write(to: folder.appending(path: "Cut"))
        try Data("# zones".utf8).write(to: folder.appending(path: "Text"))
        #expect(Zone(named: "Good", folder: folder.path) != nil)
        #expect(Zone(named: "Cut", folder: folder.path) == nil && Zone(named: "Text", folder: folder.path) == nil)
    }

    @Test func zonesMayTakeTurnsInOneProcess() async {
        await withTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let zone = number.isMultiple(of: 2) ? Zone.istanbul : Zone.utc
                    #expect(zone.time(at: 1_795_345_500).hour == (number.isMultiple(of: 2) ? 14 : 11))
                }
            }
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
}
