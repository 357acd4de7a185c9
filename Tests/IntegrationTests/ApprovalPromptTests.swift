// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// The text that a person reads before entering the PIN, and the secrets that nobody may read.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalPromptTests {
    /// As the README has it.
    @Test func busctlAloneGivesAnEOnay() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        bench.pinentry?.type(bench.card.pin)
        let call = try await bench.desktop.busctl("Approve", "ssa{sv}", "", "accept", "0").check()
        // o "/org/eonay/EOnay1/approval/n_1"
        let words = call.text.split(separator: " ")
        #expect(words.first == "o")
        let path = try ObjectPath(String(try #require(words.last).filter { $0 != "\"" && $0 != "\n" }))
        #expect(try await bench.end(of: path) == End("recorded"))
        // The requester is known, though it has long left.
        let asked = try #require(bench.pinentry?.shown.first)
        #expect(asked.wholeMatch(of: /İsteyen: (busctl )?\(\d+\)/) != nil, "\(asked)")
        #expect(try await bench.records() == 1)
        let expiry = try await bench.desktop.busctl("Status").check().text
        #expect(expiry.contains("accepted"))
        await bench.stop()
    }

    @Test func thePromptShowsEverythingThatIsSigned() async throws {
        let bench = try await ApprovalBench(withPinentry: true, change: { $0.asksPINForEachSignature = true })
        let approval = try await bench.ask("Approve", "", "accept", [:])
        let statement = try #require(try await Web(bench.origin).get("/statement")["accept"] as? String)
        for step in 1...2 {
            try await bench.pinentry?.asked()
            let deadline = try #require(try await bench.facts(approval)["Deadline"]?.int64)
            let shown = try #require(bench.pinentry?.shown)
            let program = try #require(ProcessInfo.processInfo.arguments.first?.split(separator: "/").last).prefix(15)
            #expect(shown.contains("İsteyen: \(program) (\(ProcessInfo.processInfo.processIdentifier))"), "\(shown)")
            #expect(
                shown.contains("Sertifika sahibi: \(Holder.sukru.name)")
                    || shown.contains { $0.hasSuffix(Holder.sukru.name) })
            #expect(shown.contains { $0.hasSuffix(bench.origin) })
            #expect(shown.contains { $0.contains(step == 1 ? "giriş" : "beyan") }, "\(shown)")
            #expect(shown.contains { $0.hasSuffix("KABUL EDİYORUM") })
            #expect(shown.joined(separator: "\n").contains(statement))
            #expect(shown.contains { $0.contains(Self.time(deadline)) }, "\(shown) \(Self.time(deadline))")
            bench.pinentry?.type(bench.card.pin)
        }
        #expect(try await bench.end(of: approval) == End("recorded"))
        await bench.stop()
    }

    @Test func noSecretIsSeenOutsideTheProcessesThatNeedIt() async throws {
        let pin = "918273"
        let bench = try await ApprovalBench(withPinentry: true, change: { $0.pin = pin })
        let code = try await Web(bench.origin).openSession()
        let approval = try await bench.ask("SignCode", "", code, ["identity": .string(Holder.sukru.identity)])
        try await bench.pinentry?.asked()
        let secrets = [pin, code, Holder.sukru.identity, Holder.sukru.name]
        let processes = [bench.service.pid] + Processes.children(of: bench.service.pid).map(\.pid)
        #expect(processes.count >= 3)
        for process in processes {
            let visible = Processes.visible(of: process)
            for secret in secrets { #expect(!visible.contains(secret)) }
        }
        // A core file would hold them; the jobs that hear them leave none.
        for child in Processes.children(of: bench.service.pid) {
            #expect(Processes.limit("Max core file size", of: child.pid) == "0", "\(child.name)")
        }
        bench.pinentry?.type(pin)
        #expect(try await bench.end(of: approval) == End("signed"))
        // A wrong PIN and a refusal are logged, too, without any of it.
        let wrong = try await bench.approve(typing: ["918274"])
        #expect(try await bench.end(of: wrong) == End("failed", "PinIncorrect"))
        _ = await bench.refusal("SignCode", "", "\(code)1")
        bench.service.send(signal: SIGTERM)
        _ = await bench.service.end()
        let log = bench.service.lines.all.map(\.text).joined(separator: "\n")
        #expect(log.contains("PinIncorrect"))
        for secret in secrets + ["918274"] { #expect(!log.contains(secret)) }
        await bench.stop()
    }

    /// Hours, minutes and seconds in the zone in which the service tells times, whatever this computer's is.
    private static func time(_ instant: Int64) -> String {
        let formatter = DateFormatter()
        formatter.dateFormat = "HH:mm:ss"
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Europe/Istanbul")
        return formatter.string(from: Date(timeIntervalSince1970: TimeInterval(instant)))
    }
}
