// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test func aNameIsOwnedOnceAndTheHolderIsTold() async throws {
        try await withBus { bench in
            for _ in 0..<2 {
                let own = try await bench.service.requestName("org.example.Name")
                #expect(own == .acquired)
            }
            let other = try await bench.client.requestName("org.example.Name")
            #expect(other == .heldBy(uniqueName: bench.serviceName, process: getpid()))
        }
    }

    @Test func aNameGivenBackCanBeTaken() async throws {
        try await withBus { bench in
            _ = try await bench.service.requestName("org.example.Name")
            try await bench.service.releaseName("org.example.Name")
            #expect(await bench.service.events.first() == .nameLost("org.example.Name"))
            #expect(try await bench.client.requestName("org.example.Name") == .acquired)
        }
    }

    @Test func theSendersProcessAndUserAreKnown() async throws {
        try await withBus { bench in
            let credentials = try await bench.client.credentials(of: bench.serviceName)
            #expect(credentials.process == getpid())
            #expect(credentials.user == getuid())
            await #expect(throws: BusError.named(BusError.nameHasNoOwner)) {
                try await bench.client.credentials(of: ":1.99999")
            }
        }
    }

    @Test func aConnectionThatLeavesIsTold() async throws {
        try await withBus { bench in
            let client = bench.client
            let service = bench.serviceName
            let (owners, continuation) = AsyncStream<String?>.makeStream()
            let watch = await client.perform { $0.watchName(service) { continuation.yield($0) } }
            var told = owners.makeAsyncIterator()
            #expect(await told.next() == .some(service))
            await bench.service.close()
            #expect(await told.next() == .some(nil))
            watch.cancel()
        }
    }

    @Test func aConnectionThatLeftBeforeTheWatchIsToldToo() async throws {
        try await withBus { bench in
            let client = bench.client
            let service = bench.serviceName
            await bench.service.close()
            let (owners, continuation) = AsyncStream<String?>.makeStream()
            for _ in 0..<2 {
                _ = await client.perform { $0.watchName(service) { continuation.yield($0) } }
                #expect(await owners.first() == .some(nil))
            }
        }
    }

    @Test func theEndOfTheBusEndsWaitingCallsAndIsTold() async throws {
        try await withBus(connections: 3) { bench in
            let deaf = bench.connections[2]
            let name = await deaf.perform { $0.uniqueName }
            let gate = Gate()
            await deaf.deafen(gate)
            let client = bench.client
            let signals = try await client.signals(SignalMatch(member: "Never"))
            let call = Task { try await client.call(name, "/", "org.example.Nothing", "Wait", timeout: nil) }
            _ = try await client.credentials(of: name)
            bench.bus.kill()
            await #expect(throws: BusError.self) { try await call.value }
            #expect(await client.events.first() == .disconnected)
            #expect(await signals.first() == nil)
            await #expect(throws: BusError.named(BusError.disconnected)) {
                try await client.call(name, "/", "org.example.Nothing", "Wait")
            }
            gate.open()
        }
    }

    @Test func theLastAnswerIsNotLostWhenTheServiceCloses() async throws {
        for _ in 0..<20 {
            try await withBus { bench in
                let service = bench.service
                try await service.perform { bus in
                    try bus.export(
                        at: "/",
                        [
                            Interface(Quitter.self) { (_: Quitter.Method, _, reply) in
                                reply.string("bye")
                                bus.loop.post { Task { await bus.close() } }
                            }
                        ])
                }
                #expect(try await bench.call("Quit", path: "/", interface: "org.example.Quit") == [.string("bye")])
            }
        }
    }

    @Test func aClosedConnectionIsForgottenWithItsObjects() async throws {
        weak var connection: Connection?
        weak var sample: Sample?
        weak var loop: EventLoop?
        try await withBus { bench in
            sample = try await Sample.export(on: bench.service)
            _ = try await bench.call("Ring")
            _ = await bench.client.perform { $0.watchName(bench.serviceName) { _ in } }
            _ = try await bench.client.signals(SignalMatch(sender: "org.example.None"))
            connection = bench.service
            loop = bench.service.loop
        }
        #expect(sample == nil)
        #expect(connection == nil)
        #expect(loop == nil)
    }

    @Test func openingWithoutABusFails() async throws {
        let loop = try EventLoop(name: "bus")
        try loop.start()
        let connection = Connection(on: loop)
        await #expect(throws: BusError.self) { try await connection.open(.address("unix:path=/nonexistent/bus")) }
        await #expect(throws: BusError.self) { try await connection.open(.address("no address")) }
        await #expect(throws: BusError.self) { try await connection.open(.address("unix:path=/a\0")) }
        await connection.close()
        loop.stop()
    }

    @Test func anAnswerThatNobodyWantsIsNotSent() async throws {
        try await withBus { bench in
            let sample = try await Sample.export(on: bench.service)
            let noReply = Subprocess(
                "/usr/bin/busctl",
                [
                    "--address=\(bench.bus.address)", "--expect-reply=no", "call", bench.serviceName, Sample.path.text,
                    Sample.name, "Ring",
                ])
            #expect(try noReply.run().status == 0)
            // The service takes messages in order: after this answer, the one above has been handled.
            _ = try await bench.call("Rows")
            #expect(await bench.service.perform { _ in sample.count } == 1)
        }
    }

    @Test func busctlReadsTheTreeAndCallsAMethod() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            _ = try await bench.call("Make")
            func busctl(_ arguments: String...) throws -> String {
                let run = try Subprocess("/usr/bin/busctl", ["--address=\(bench.bus.address)"] + arguments).run()
                #expect(run.status == 0)
                return run.output
            }
            let tree = try busctl("tree", "--list", bench.serviceName)
            #expect(
                tree.split(separator: "\n")
                    == ["/", "/org", "/org/example", "/org/example/Sample", "/org/example/Sample/item_1"])
            let sum = try busctl(
                "call", bench.serviceName, Sample.path.text, Sample.name, "Add", "ii", "2", "3")
            #expect(sum == "i 5\n")
            let introspected = try busctl("introspect", bench.serviceName, Sample.path.text)
            #expect(introspected.contains(".Rows"))
            #expect(introspected.contains("a(sssxs)"))
        }
    }
}

private enum Quitter: BusInterface {
    static let name = "org.example.Quit"

    enum Method: String, BusMethod {
        case quit = "Quit"
        var arguments: Arguments { [:] }
        var results: Arguments { ["text": "s"] }
    }
}
