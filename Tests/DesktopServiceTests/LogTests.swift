// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import SystemBasics
import TestBench
import Testing

@testable import DesktopService

/// What the log hands to the journal, read back by systemd's own programs.
@Suite(.timeLimit(.minutes(1)))
struct LogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What `work` logs, as it comes out of the socket: one entry for each message.
    private func entries(_ count: Int, _ work: (Log) -> Void) throws -> [[UInt8]] {
        let socket = Descriptor(owning: Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
        try UnixSocket.bind(socket.number, at: folder.file("journal"))
        work(Log(least: .debug, journal: try JournalSocket(path: folder.file("journal"))))
        return (0..<count).map { _ in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(socket.number, &buffer, buffer.count, 0)
            return Array(buffer.prefix(count))
        }
    }

    private let facts = EventFacts(
        certificate: String(repeating: "ab", count: 32), kind: .nes, issuer: "Kamu SM", notAfter: 1_800_000_000,
        daysLeft: 7, phase: .renewalDue)

    @Test func journalctlFindsAnEventByItsIdentifierAndShowsItsFields() async throws {
        let logged = try entries(3) { log in
            log.event(.reminder, facts)
            log.error("line one\nPRIORITY=7")
            log.event(.phase, facts)
        }
        // The journal's export format is its native one, with a time in front and an empty line behind.
        var export: [UInt8] = []
        for (number, entry) in logged.enumerated() {
            export += Array("__REALTIME_TIMESTAMP=\(1_800_000_000_000_000 + number)\n".utf8)
            export += Array("__MONOTONIC_TIMESTAMP=\(1000 + number)\n".utf8)
            export += Array("_BOOT_ID=4fcb4ae47a6d4bbab1e4fb62bd9bbd4a\n".utf8) + entry + [0x0A]
        }
        let remote = "/lib/systemd/systemd-journal-remote"
        guard FileManager.default.isExecutableFile(atPath: remote) else {
            throw MissingProgram("systemd-journal-remote", package: "systemd-journal-remote")
        }
        let file = folder.file("eonay.journal")
        try await run(remote, ["-o", file, "-"], input: export).check()

        let journalctl = try Programs.find("journalctl", package: "systemd")
        let found = try await run(
            journalctl, ["--file", file, "-o", "json", "MESSAGE_ID=\(CertificateEvent.reminder.messageID)"]
        ).check().text
        let rows = try found.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(rows.count == 1)
        let row = try #require(rows.first?.compactMapValues { $0 as? String })
        #expect(row["EONAY_CERTIFICATE"] == facts.certificate && row["EONAY_DAYS_LEFT"] == "7")
        #expect(row["EONAY_EVENT"] == "reminder" && row["EONAY_PHASE"] == "renewal-due" && row["EONAY_KIND"] == "nes")
        #expect(row["PRIORITY"] == "5" && row["SYSLOG_IDENTIFIER"] == "eonayd")
        #expect(row["MESSAGE"] == "certificate abababab: a reminder is due, days left: 7")
        #expect(row["EONAY_ISSUER"] == nil)
        // A line break in a text makes no field.
        let errors = try await run(journalctl, ["--file", file, "-o", "json", "PRIORITY=3"]).check().text
        #expect(errors.split(separator: "\n").count == 1 && errors.contains(#"line one\nPRIORITY=7"#))
    }

    @Test func aJournalThatIsGoneIsReplacedByStandardError() throws {
        let socket = Descriptor(owning: Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
        try UnixSocket.bind(socket.number, at: folder.file("journal"))
        let journal = try JournalSocket(path: folder.file("journal"))
        _ = consume socket
        #expect(!journal.send([JournalField("MESSAGE", "x")]))
    }
}
