// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// The command of the nightly unit, run here.
@Suite(.timeLimit(.minutes(2))) struct BackupUnitTests {
    private static let unit = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../packaging/eonay-portal-backup.service.in")

    /// The command of the unit, as systemd would read it (systemd.service(5), command lines), in the bench's places.
    private func script(_ bench: PortalBench) throws -> String {
        let text = try String(contentsOf: Self.unit, encoding: .utf8)
        let commands = text.split(separator: "\n").filter { $0.hasPrefix("ExecStart=") }
        let command = try #require(commands.count == 1 ? commands.first : nil)
        let start = try #require(command.range(of: "/bin/sh -c '")?.upperBound)
        #expect(command.hasSuffix("'"))
        let programs = URL(filePath: try Programs.built("eonay-portal")).deletingLastPathComponent().path
        return String(command[start...].dropLast()).replacing("$$", with: "$").replacing("%%", with: "%")
            .replacing("@BINDIR@", with: programs)
            .replacing("/etc/eonay-portal/portal.conf", with: bench.directory + "/portal.conf")
            .replacing("/var/lib/eonay-portal-backup", with: bench.directory + "/copies")
    }

    private func night(_ bench: PortalBench) async throws -> Finished {
        try await TestBench.run("/bin/sh", ["-c", try script(bench)])
    }

    @Test func theCopyIsMadeWhateverTheAuditSaysAndTheStatusIsTheAudits() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        let copies = bench.directory + "/copies"
        try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
        try "[Server]\nDataDirectory=\(bench.directory)/data\n[Trust]\nAnchors=\(bench.directory)/anchors\n".write(
            toFile: bench.directory + "/portal.conf", atomically: true, encoding: .utf8)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
        }
        func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: copies).sorted() }
        let good = try await night(bench)
        #expect(good.succeeded, "\(good)")
        let first = try names()
        #expect(first.count == 2 && first.contains("portal-audited.db"))
        #expect(first.contains { $0.wholeMatch(of: /portal-[1-7]\.db/) != nil })
        let audited = try Data(contentsOf: URL(filePath: copies + "/portal-audited.db"))

        let database = try DatabaseQueue(path: bench.directory + "/data/portal.db")
        try await database.write {
            try $0.execute(sql: "DROP TRIGGER recordIsNotChanged; UPDATE record SET decision = 'decline'")
        }
        try database.close()
        for name in first where name != "portal-audited.db" {
            try FileManager.default.removeItem(atPath: copies + "/" + name)
        }
        let bad = try await night(bench)
        #expect(bad.status == .exited(1) && bad.text.contains("changed: 1") && bad.text.contains("copied to"), "\(bad)")
        // A priority of the journal in front.
        #expect(bad.lines.contains { $0.text.hasPrefix("<3>") }, "\(bad)")
        #expect(try names() == first)
        // A good backup stays.
        #expect(try Data(contentsOf: URL(filePath: copies + "/portal-audited.db")) == audited)
    }
}
