// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CallTests {
    @Test func aMethodAnswersItsRows() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let rows = try #require(try await bench.call("Rows").first?.elements)
            #expect(rows.count == 3)
            let expected: [Value] = [
                .string("id 2"), .string("Şule Ğ. İnce"), .string("accepted"), .int64(2 << 40), .string(""),
            ]
            #expect(rows[1].members == expected)
        }
    }

    @Test func argumentsAreReadInOrder() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            #expect(try await bench.call("Add", [.int32(40), .int32(2)]) == [.int32(42)])
            #expect(
                try await bench.call("Options", [.options(["wait": .uint32(3), "bound": .bool(true)])]) == [
                    .strings(["bound", "b", "wait", "u"])
                ])
        }
    }

    @Test func aHandlerKnowsItsCaller() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let name = await bench.client.perform { $0.uniqueName }
            #expect(
                try await bench.call("WhoAmI") == [.string(name), .objectPath(Sample.path), .string("WhoAmI")])
        }
    }

    @Test func anErrorArrivesByNameAndText() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let error = await #expect(throws: BusError.named("org.example.Error.Wanted")) {
                try await bench.call("Fail", [.string("çünkü")])
            }
            #expect(error?.message == "çünkü")
        }
    }

    @Test(arguments: ["rate-limited", "", "a \"b\" (c)"])
    func anErrorArrivesWithItsDetail(detail: String) async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let error = await #expect(throws: BusError.named("org.example.Error.Wanted")) {
                try await bench.call("FailIn", [.string(detail)])
            }
            #expect(error?.message == "çünkü")
            #expect(error?.detail == detail)
        }
    }

    @Test func anotherErrorOfAHandlerKeepsItsTextToItself() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let error = await #expect(throws: BusError.named(BusError.failed)) { try await bench.call("Break") }
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test(arguments: [
        ("WriteWrong", BusError.failed), ("WriteLittle", BusError.failed), ("WriteMuch", BusError.limitsExceeded),
    ])
    func anAnswerOtherThanDeclaredBecomesAnError(member: String, name: String) async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            await #expect(throws: BusError.named(name)) { try await bench.call(member) }
            #expect(try await bench.call("Add", [.int32(1), .int32(1)]) == [.int32(2)])
        }
    }

    @Test func manyCallsAtOnceAreEachAnswered() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await bench.call("Add", [.int32(Int32(number)), .int32(1)]) == [.int32(Int32(number + 1))]
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func aCallThatIsNeverAnsweredEndsByItsTimeout() async throws {
        try await withBus(connections: 3) { bench in
            // The third connection's loop is kept busy, so that it answers nothing.
            let deaf = bench.connections[2]
            let name = await deaf.perform { $0.uniqueName }
            let gate = Gate()
            await deaf.deafen(gate)
            await #expect(throws: BusError.named(BusError.noReply)) {
                try await bench.client.call(name, "/", "org.example.Nothing", "Wait", timeout: .milliseconds(50))
            }
            gate.open()
        }
    }

    @Test func aCancelledTaskGivesItsCallUp() async throws {
        try await withBus(connections: 3) { bench in
            let deaf = bench.connections[2]
            let name = await deaf.perform { $0.uniqueName }
            let gate = Gate()
            await deaf.deafen(gate)
            let client = bench.client
            let call = Task { try await client.call(name, "/", "org.example.Nothing", "Wait", timeout: nil) }
            // A call that is answered says that the one before it has been sent.
            _ = try await client.credentials(of: name)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            gate.open()
        }
    }

    @Test func noMoreCallsWaitThanTheLimitAllows() async throws {
        try await withBus(connections: 3) { bench in
            let deaf = bench.connections[2]
            let name = await deaf.perform { $0.uniqueName }
            let gate = Gate()
            await deaf.deafen(gate)
            let client = bench.client
            let results = await withTaskGroup(of: String.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        do {
                            _ = try await client.call(name, "/", "org.example.Nothing", "Wait", timeout: nil)
                            return ""
                        } catch {
                            gate.openAfter(44)
                            return (error as? BusError)?.name ?? ""
                        }
                    }
                }
                return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(results == [BusError.limitsExceeded: 44, BusError.unknownInterface: 256])
        }
    }

    @Test func aCallToNobodyTellsSo() async throws {
        try await withBus { bench in
            await #expect(throws: BusError.named(BusError.serviceUnknown)) {
                try await bench.client.call("org.example.Nobody", "/", "org.example.Nothing", "Do")
            }
        }
    }

    @Test(arguments: [
        ("not a name", "org.example.A", "Do"), ("org.example", "NoDot", "Do"),
        ("org.example", "org.example.A", "no-member"),
        ("org.example", "org.example.A", ""), ("", "org.example.A", "Do"),
    ])
    func aNameThatIsNoneIsRefusedHere(destination: String, interface: String, member: String) async throws {
        try await withBus { bench in
            await #expect(throws: BusError.named(BusError.invalidArgs)) {
                try await bench.client.call(destination, "/", interface, member)
            }
        }
    }

    @Test func aConnectionThatIsNotOpenRefusesCalls() async throws {
        let loop = try EventLoop(name: "bus")
        try loop.start()
        let connection = Connection(on: loop)
        await #expect(throws: BusError.named(BusError.disconnected)) {
            try await connection.call("org.example", "/", "org.example.A", "Do")
        }
        await connection.close()
        loop.stop()
    }
}
