// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
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

    /// Python reads the same files on its own, and is the judge through 131 years. (Foundation has a database of its own age.)
    @Test(arguments: [
        "Europe/Istanbul", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu",
        "America/St_Johns",
        "Africa/Casablanca", "Europe/Dublin", "Pacific/Apia", "Etc/UTC",
    ])
    func offsetsAreThoseOfTheDatabase(name: String) async throws {
        let zone = try #require(Zone(named: name))
        let judge = """
            import datetime, sys, zoneinfo
            zone = zoneinfo.ZoneInfo(sys.argv[1])
            for second in range(-2_000_000_000, 2_145_000_000, 1_234_567):
                print(datetime.datetime.fromtimestamp(second, zone).utcoffset() // datetime.timedelta(seconds=1))
            """
        let expected = try await run(Python.debian, ["-c", judge, name]).check().text.split(separator: "\n")
        #expect(expected.count == 3358)
        for (second, offset) in zip(stride(from: Int64(-2_000_000_000), to: 2_145_000_000, by: 1_234_567), expected) {
            #expect(zone.offset(at: second) == Int(offset), "at \(second)")
        }
    }
}
