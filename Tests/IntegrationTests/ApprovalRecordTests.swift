// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// The state on disk when a signal is emitted, and the order of the signals.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalRecordTests {
    private func database(_ bench: ApprovalBench) throws -> Database {
        try Database(bench.desktop.folder.file("state/eonay/eonay.db"))
    }

    @Test func decisionSignaturesAndReferenceAreStoredWhenCompletedSaysSo() async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve("decline")
        #expect(try await bench.end(of: approval) == End("recorded"))
        // Nothing more can be written.
        await bench.service.kill()
        let rows = try await database(bench).rows(
            "SELECT decision, state, result, submitted, reference <> '', portal FROM approval")
        #expect(rows == ["decline|done|recorded|1|1|\(bench.origin)"])
        let signatures = try await database(bench).rows("SELECT step, hex(cms) FROM signature ORDER BY rowid")
        #expect(signatures.map { $0.split(separator: "|").first } == ["login", "consent"])
        let consent = try #require(signatures.last?.split(separator: "|").last)
        let content = try await OpenSSL(bench.desktop).content(of: bytes(hex: consent))
        #expect(content.contains("Karar: KABUL ETMİYORUM\n"))
        await bench.stop()
    }

    /// The system calls themselves: the reference is written, then synced, then `Completed` is sent.
    @Test func completedIsSentAfterTheReferenceWasSynced() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        let trace = try await ChildProcess.start(
            Programs.find("strace", package: "strace"),
            [
                "-f", "-e", "trace=pwrite64,fdatasync,fsync,sendmsg", "-s", "100000", "-p",
                String(bench.service.pid),
            ])
        try await trace.lines.next { $0.text.contains("attached") }
        bench.pinentry?.type(bench.card.pin)
        #expect(try await bench.end(of: approval) == End("recorded"))
        let reference = try #require(try await bench.facts(approval)["Reference"]?.string)
        try await trace.lines.next { $0.text.contains("sendmsg(") && $0.text.contains("Completed") }
        let calls = trace.lines.all.map(\.text)
        let written = try #require(calls.firstIndex { $0.contains("pwrite64(") && $0.contains(reference) })
        let said = try #require(calls.firstIndex { $0.contains("sendmsg(") && $0.contains("Completed") })
        #expect(written < said)
        let synced = calls[written..<said].last { $0.contains("fdatasync") || $0.contains("fsync") }
        #expect(synced?.contains("= 0") == true)
        // No word of the reference to anybody before.
        #expect(!calls[..<written].contains { $0.contains("sendmsg(") && $0.contains(reference) })
        trace.send(signal: SIGTERM)
        _ = await trace.end()
        await bench.stop()
    }

    @Test func whatCannotBeStoredIsNotSubmitted() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "decision 1")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "decision 1")
        // Longer than the store is patient.
        let lock = try await database(bench).lock()
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("failed", "StoreFailed"))
        #expect(try await bench.records() == 0)
        await lock.kill()
        await bench.stop()
    }

    @Test func whatThePortalRecordedAndTheDiskDidNotTakeIsUnknown() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "signature 2")
        let lock = try await database(bench).lock()
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("unknown", "StoreFailed"))
        #expect(try await bench.facts(approval)["Reference"]?.string?.isEmpty == false)
        await lock.kill()
        // The next start finds it submitted, asks, and knows.
        try await bench.restartService()
        #expect(try await bench.outcome(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func noSignalOfAnApprovalPrecedesItsName() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        let monitor = try await ChildProcess.start(
            Programs.find("busctl", package: "systemd"), ["--user", "monitor", SessionBus.name],
            environment: bench.desktop.environment)
        try await monitor.lines.next { $0.text.contains("Monitoring bus message stream") }
        for _ in 1...5 {
            let approval = try await bench.ask("Approve", "", "accept", [:])
            _ = try await bench.end(of: approval)
            try await monitor.lines.next { $0.text.contains("Member=Completed") && $0.text.contains(approval.text) }
            let lines = monitor.lines.all.map(\.text)
            let first = try #require(lines.firstIndex { $0.contains(approval.text) })
            #expect(lines[...first].last { $0.contains("Type=") }?.contains("Type=method_return") == true)
        }
        await monitor.kill()
        await bench.stop()
    }

    @Test func theEndIsInThePropertiesWhenItIsSaid() async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("recorded"))
        let told = bench.bus.signals.all.filter { $0.path == approval }
        let completed = try #require(told.firstIndex { $0.member == "Completed" })
        let properties = told[..<completed].last { $0.member == "PropertiesChanged" }?.arguments[1]
        #expect(properties?["Result"]?.string == "recorded")
        #expect(properties?["State"]?.string == "done")
        #expect(properties?["Reference"]?.string?.isEmpty == false)
        // Once, and nothing after it.
        #expect(told.count { $0.member == "Completed" } == 1)
        #expect(completed == told.count - 1)
        // The states in their order.
        let states = told.compactMap { $0.arguments.count > 1 ? $0.arguments[1]["State"]?.string : nil }
        #expect(states == ["waiting-for-pin", "signing", "submitting", "signing", "submitting", "done"])
        await bench.stop()
    }

    private func bytes(hex: Substring) -> [UInt8] {
        var rest = hex
        var bytes: [UInt8] = []
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
