// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// A card's PIN is changed by programs on the bus and by the command, with the real service, job, pcscd and OpenSC.
@Suite(.timeLimit(.minutes(2)))
struct PINOperationTests {
    private static let root = "/org/eonay/EOnay1"

    private func busctl(_ bench: ApprovalBench, _ arguments: String...) async throws -> Finished {
        try await TestBench.run(
            Programs.find("busctl", package: "systemd"), ["--user"] + arguments,
            environment: bench.desktop.environment)
    }

    private func path(in answer: Finished) throws -> ObjectPath {
        try answer.check()
        return try ObjectPath(String(answer.text.split(separator: "\"")[1]))
    }

    private func facts(_ operation: ObjectPath, _ bench: ApprovalBench) async throws -> [String: Value] {
        try await bench.bus.properties("PinOperation", of: operation)
    }

    /// What the person enters, one prompt after the other.
    private func enter(_ entries: String..., into bench: ApprovalBench) async throws {
        for entry in entries {
            try await bench.pinentry?.asked()
            bench.pinentry?.type(entry)
        }
    }

    @Test func aProgramHasThePersonChangeThePIN() async throws {
        let bench = try await ApprovalBench(portal: .none, withPinentry: true)
        let call = try await busctl(
            bench, "call", SessionBus.name, Self.root, SessionBus.name, "ChangePin", "sa{sv}", "", "0")
        let operation = try path(in: call)
        try await enter(bench.card.pin, "246810", "246810", into: bench)
        #expect(try await bench.end(of: operation) == End("changed"))
        let facts = try await facts(operation, bench)
        #expect(facts["State"]?.string == "done" && facts["Kind"]?.string == "change")
        #expect(facts["Token"]?.objectPath?.text.contains("/token/") == true)
        #expect(bench.pinentry?.shown.contains { $0.hasPrefix("Amaç: bu karta şimdiki PIN") } == true)
        // The present one is wrong now, and that is seen on the card at once.
        let again = try await bench.bus.call(
            "ChangePin", .string(bench.certificate),
            .options([
                "pin": .descriptor(try ApprovalBench.pipe(holding: "\(bench.card.pin)\n135791\n")),
                "bound": .bool(true),
            ]))
        let second = try #require(again.first?.objectPath)
        #expect(try await bench.end(of: second) == End("failed", "PinIncorrect"))
        try await bench.bus.until { bus in
            try await bus.objects("Token").values.contains { $0["PinState"]?.string == "count-low" }
        }
        #expect(bench.card.events.all.filter { $0 == .pinSet }.count == 1)
        await bench.stop()
    }

    @Test func aCardIsInUseByOneOfThem() async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let answer = try await bench.bus.call("UnblockPin", .string(""), .options([:]))
        let operation = try #require(answer.first?.objectPath)
        try await bench.pinentry?.asked()
        #expect(await bench.refusal("Approve", "", "accept") == "TokenBusy")
        let error = await #expect(throws: BusError.self) {
            try await bench.bus.call("ChangePin", .string(""), .options([:]))
        }
        #expect(error?.name.hasSuffix("TokenBusy") == true && error?.detail == "pin-operation")
        // What it leaves of the PIN would be written down after the person was forgotten.
        for (certificate, option) in [("", "all"), (bench.certificate, "holder"), (bench.certificate, "signatures")] {
            let error = await #expect(throws: BusError.self) {
                try await bench.bus.call("Forget", .string(certificate), .options([option: .bool(true)]))
            }
            #expect(error?.name.hasSuffix("TokenBusy") == true && error?.detail == "pin-operation")
        }
        // Cancelled while its prompt stood: this program waits before the next one.
        _ = try await bench.bus.connection.call(
            SessionBus.name, operation, "\(SessionBus.name).PinOperation", "Cancel")
        #expect(try await bench.end(of: operation) == End("cancelled", "Cancelled"))
        #expect(await bench.refusal("Approve", "", "accept") == "PromptDeferred")
        try await bench.pinentry?.closed()
        await bench.stop()
    }

    @Test(arguments: ["portal", "handle-token", "nonsense"])
    func whatIsNoOptionOfItIsRefused(_ option: String) async throws {
        let bench = try await ApprovalBench(portal: .none)
        let error = await #expect(throws: BusError.self) {
            try await bench.bus.call("ChangePin", .string(""), .options([option: .string("x")]))
        }
        #expect(error?.name.hasSuffix("InvalidArgument") == true)
        let none = await #expect(throws: BusError.self) {
            try await bench.bus.call("ChangePin", .string("/org/eonay/EOnay1/token/99"), .options([:]))
        }
        #expect(none?.name.hasSuffix("NoToken") == true)
        await bench.stop()
    }

    @Test func theCommandChangesAndShowsIt() async throws {
        let bench = try await ApprovalBench(portal: .none, withPinentry: true)
        let status = try await bench.desktop.start("eonay", ["pin", "status", "--json"])
        #expect(await status.end() == .exited(0))
        let shown = status.lines.all.map(\.text).joined()
        #expect(shown.contains(#""pin_state":"ok""#) && shown.contains(#""min_length":4"#))
        let change = try await bench.desktop.start("eonay", ["pin", "change", "--json"])
        try await enter(bench.card.pin, "246810", "246811", "246810", "246810", into: bench)
        _ = await change.end()
        #expect(change.lines.all.map(\.text).joined().contains(#""result":"changed""#))
        bench.card.send(.triesLeft(0))
        let locked = try await bench.desktop.start("eonay", ["pin", "change"])
        let end = await locked.end()
        #expect(end == .exited(37), "\(locked.lines.all.map(\.text))")
        await bench.stop()
    }
}
