// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Foundation
import SystemBasics
import TestBench
import Testing
import Texts

@testable import CommandLineClient

/// The list for other programs, read by readers that are not ours.
@Suite(.timeLimit(.minutes(1)))
struct ExpiryFormatTests {
    private let folder: TemporaryFolder
    private let texts = Texts(.turkish, zone: .istanbul)
    /// 2026-01-01T00:00:00Z
    private let now: Int64 = 1_767_225_600

    init() throws { folder = try TemporaryFolder() }

    private func certificate(
        _ id: Character = "a", holder: String = "Şükrü İğdırlı", issuer: String = "Kamu SM", days: Int64 = 40,
        qualified: Bool = true
    ) -> ExpiringCertificate {
        let properties: [String: Value] = [
            "Id": .string(String(repeating: id, count: 64)), "Holder": .string(holder), "Issuer": .string(issuer),
            "NotBefore": .int64(now - 86_400_000), "NotAfter": .int64(now + days * 86_400),
            "Qualified": .bool(qualified), "Phase": .string(days < 0 ? "expired" : "valid"),
        ]
        return ExpiringCertificate(ServiceCertificate("/x", PropertyValues(.options(properties))))
    }

    /// What a script of Debian's Python says of these octets, which it finds in the file that is its first argument.
    private func python(_ script: String, _ text: String, _ arguments: [String] = [], package: String) async throws
        -> [String: Any]
    {
        let file = try folder.write("input", text)
        let found = try await run(Python.debian, ["-c", script, file] + arguments)
        guard found.succeeded else { throw MissingProgram("\(found)", package: package) }
        return try #require(try JSONSerialization.jsonObject(with: Data(found.output)) as? [String: Any])
    }

    // MARK: - ICS

    private static let calendarReader = """
        import icalendar, json, sys
        calendar = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
        events = []
        for event in calendar.walk("VEVENT"):
            events.append({
                "uid": str(event["UID"]), "summary": str(event["SUMMARY"]), "description": str(event["DESCRIPTION"]),
                "start": event.decoded("DTSTART").isoformat(), "stamp": event.decoded("DTSTAMP").isoformat(),
                "errors": [str(error) for error in event.errors],
                "alarms": [int(alarm.decoded("TRIGGER").total_seconds()) for alarm in event.walk("VALARM")]})
        print(json.dumps({"product": str(calendar["PRODID"]), "version": str(calendar["VERSION"]), "events": events}))
        """

    private func calendar(_ certificates: [ExpiringCertificate], _ ladder: [Int] = [30, 7, 0]) throws -> String {
        let ladder = try #require(ReminderLadder(ladder))
        return ExpiryCalendar(texts: texts, ladder: { _ in ladder }, now: now).text(certificates)
    }

    @Test func aCalendarReaderFindsEachEndWithTheLaddersAlarms() async throws {
        let text = try calendar([certificate(), certificate("b", days: -3), certificate("c", qualified: false)])
        let read = try await python(Self.calendarReader, text, package: "python3-icalendar")
        #expect(read["version"] as? String == "2.0" && (read["product"] as? String)?.hasPrefix("-//E-Onay//") == true)
        let events = try #require(read["events"] as? [[String: Any]])
        #expect(events.count == 3 && events.allSatisfy { ($0["errors"] as? [String])?.isEmpty == true })
        #expect(events[0]["uid"] as? String == String(repeating: "a", count: 64) + "-eonay")
        #expect(events[0]["start"] as? String == "2026-02-10T00:00:00+00:00")
        #expect(events[0]["stamp"] as? String == "2026-01-01T00:00:00+00:00")
        #expect(events[0]["summary"] as? String == "Şükrü İğdırlı adına düzenlenen sertifikanın süresi doluyor")
        #expect(events[0]["alarms"] as? [Int] == [-30 * 86_400, -7 * 86_400, 0])
        // Of what has ended, and of what nobody is reminded of, nothing rings.
        #expect(events[1]["alarms"] as? [Int] == [] && events[2]["alarms"] as? [Int] == [])
        #expect(try calendar([certificate()]) == calendar([certificate()]))
    }

    @Test func tortureInANameComesOutAsItWas() async throws {
        // The reader takes a backslash before an n for a line break, which is its own mistake; hence none stands there.
        #expect(ExpiryCalendar.escaped("\\n\n,;\r") == #"\\n\n\,\;"# + "\u{FFFD}")
        let name = #"a,b;c\d:"=ş"# + "\n" + String(repeating: "şğıİ,;\\", count: 40) + "😀"
        let text = try calendar([certificate(holder: name, issuer: "X\r\nBEGIN:VEVENT\u{0}")])
        let read = try await python(Self.calendarReader, text, package: "python3-icalendar")
        let events = try #require(read["events"] as? [[String: Any]])
        #expect(events.count == 1)
        #expect((events[0]["summary"] as? String)?.hasPrefix(name) == true)
        #expect((events[0]["description"] as? String)?.contains("X\u{FFFD}\nBEGIN:VEVENT\u{FFFD}") == true)
    }

    @Test(arguments: 0...8)
    func noLineIsLongerThan75OctetsAndNoCharacterIsTorn(offset: Int) throws {
        let name = String(repeating: "x", count: offset) + String(repeating: "ş", count: 100) + "😀€"
        let octets = Array(try calendar([certificate(holder: name)]).utf8)
        let lines = octets.split(separator: 0x0A, omittingEmptySubsequences: false)
        #expect(lines.last?.isEmpty == true)
        for line in lines.dropLast() {
            #expect(line.last == 0x0D && line.count <= 76)
            #expect(String(validating: line, as: UTF8.self) != nil)
        }
    }

    // MARK: - Prometheus

    @Test func prometheusReadsTheMetrics() async throws {
        let issuer = #"Kamu "SM" \ n 10000000146"# + "\nX"
        let text = ExpiryMetrics.text([certificate(), certificate("b", issuer: issuer, days: -1, qualified: false)])
        let script = """
            import json, sys
            from prometheus_client.parser import text_string_to_metric_families
            text = open(sys.argv[1], newline="").read()
            print(json.dumps({family.name: {"type": family.type, "help": family.documentation, "samples": [
                {"labels": sample.labels, "value": sample.value} for sample in family.samples]}
                for family in text_string_to_metric_families(text)}))
            """
        let read = try await python(script, text, package: "python3-prometheus-client")
        #expect(Array(read.keys) == ["eonay_certificate_not_after_seconds"])
        let family = try #require(read.values.first as? [String: Any])
        #expect(family["type"] as? String == "gauge" && (family["help"] as? String)?.isEmpty == false)
        let samples = try #require(family["samples"] as? [[String: Any]])
        #expect(samples.map { $0["value"] as? Double } == [Double(now + 40 * 86_400), Double(now - 86_400)])
        #expect(
            samples[0]["labels"] as? [String: String]
                == ["id": String(repeating: "a", count: 64), "kind": "nes", "issuer": "Kamu SM"])
        let labels = try #require(samples[1]["labels"] as? [String: String])
        #expect(labels["issuer"] == #"Kamu "SM" \ n 100********"# + "\nX" && labels["kind"] == "other")
        #expect(!text.contains("Şükrü"))
        let promtool = try Programs.find("promtool", package: "prometheus")
        try await run(promtool, ["check", "metrics"], input: Array(text.utf8)).check()
        try await run(promtool, ["check", "metrics"], input: Array(ExpiryMetrics.text([]).utf8)).check()
    }

    // MARK: - CSV

    @Test func aSpreadsheetGetsTextAndNoFormula() async throws {
        let names = ["Şükrü, \"İ\"\nX", "=1+1", "+1", "-1", "@SUM(A1)", "'x", "", "\u{FF1D}1", "a=b"]
        let rows = names.enumerated().map { certificate("a", holder: $1, days: $0 == 0 ? -2 : 40) }
        let text = ExpiryCSV.text(rows, texts, at: now)
        let script = """
            import csv, json, sys
            file = open(sys.argv[1], newline="", encoding="utf-8-sig")
            print(json.dumps({"rows": list(csv.DictReader(file, strict=True))}))
            """
        let read = try await python(script, text, package: "python3")
        let found = try #require(read["rows"] as? [[String: String]])
        #expect(
            found.map { $0["holder"] }
                == ["Şükrü, \"İ\"\nX", "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'x", "", "'\u{FF1D}1", "a=b"])
        // A number stays one.
        #expect(found[0]["days_left"] == "-2" && found[1]["days_left"] == "40")
        #expect(found[1]["not_after"] == "2026-02-10 03:00:00" && found[1]["kind"] == "nes")
        #expect(text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) && text.hasSuffix("\r\n"))
    }

    // MARK: - The command

    @Test func theCommandPrintsEachFormAndWritesAFileInOneStep() async throws {
        let (desktop, service, card) = try await ServiceTests.desktop()
        let id = try #require(
            try await desktop.run("eonay", "expiry", "--json").check().text.split(separator: "\"").dropFirst(5).first)
        #expect(
            try await desktop.run("eonay", "expiry", "--format", "json").check().text
                == desktop.run("eonay", "expiry", "--json").check().text)
        #expect(
            try await desktop.run("eonay", "expiry", "--format", "table").check().text
                == desktop.run("eonay", "expiry").check().text)
        for form in ["csv", "ics", "prometheus"] {
            let printed = try await desktop.run("eonay", "expiry", "--format", form).check().text
            #expect(printed.contains(id), "\(form)")
            let file = desktop.folder.file("out.\(form)")
            let silent = try await desktop.run("eonay", "expiry", "--format", form, "--output", file).check()
            #expect(silent.lines.isEmpty)
            let written = String(decoding: try desktop.folder.read("out.\(form)"), as: UTF8.self)
            #expect(form == "ics" ? written.contains(id) : written == printed)
            let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(rights == (form == "prometheus" ? 0o644 : 0o600))
        }
        for wrong in [
            ["--format", "xml"], ["--format", "csv", "--json"], ["--output", "/tmp/x"],
            ["--format", "json", "--output", "/tmp/x"],
        ] {
            let end = try await TestBench.run(
                Programs.built("eonay"), ["expiry"] + wrong, environment: desktop.environment)
            #expect(end.status == .exited(2), "\(wrong)")
        }
        let nowhere = try await desktop.run("eonay", "expiry", "--format", "csv", "--output", "/nonexistent/x")
        #expect(nowhere.status == .exited(4))
        await service.kill()
        _ = card
    }

    @Test func withoutACertificateThereIsNoCalendarAndNoMetric() async throws {
        let desktop = try await Desktop(.own(1), locale: "C")
        let service = try await desktop.startService()
        #expect(try await desktop.run("eonay", "expiry", "--format", "ics").status == .exited(11))
        let metrics = try await desktop.run("eonay", "expiry", "--format", "prometheus").check().lines
        #expect(metrics.count == 2 && metrics.allSatisfy { $0.text.hasPrefix("# ") })
        await service.kill()
    }
}
