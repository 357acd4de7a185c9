// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Testing

@testable import Bus

@Suite(.timeLimit(.minutes(1)))
struct SignalTests {
    @Test func aSignalReachesWhoAskedForIt() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let signals = try await bench.client.signals(SignalMatch(interface: Sample.name, member: "Rang"))
            _ = try await bench.call("Ring")
            let signal = try #require(await signals.first())
            #expect(signal.arguments == [.int32(1), .string("Zil")])
            #expect(signal.path == Sample.path)
            #expect(signal.sender == bench.serviceName)
        }
    }

    @Test func changesOfOneTurnAreToldTogetherAndBeforeASignal() async throws {
        try await withBus { bench in
            let sample = try await Sample.export(on: bench.service)
            let signals = try await bench.client.signals(SignalMatch(path: Sample.path))
            await bench.service.perform { bus in
                bus.propertiesChanged([.count], of: Sample.Described.self, at: Sample.path)
                bus.propertiesChanged([.name, .count], of: Sample.Described.self, at: Sample.path)
                sample.count = 5
            }
            _ = try await bench.call("Ring")
            let told = await signals.prefix(3)
            #expect(told.map(\.member) == ["PropertiesChanged", "PropertiesChanged", "Rang"])
            #expect(
                told[0].arguments == [
                    .string(Sample.name), .options(["Count": .int32(5), "Name": .string("İstanbul")]), .strings([]),
                ])
            #expect(told[1].arguments[1] == .options(["Count": .int32(6)]))
        }
    }

    @Test func whatIsConstantIsNotSaidToHaveChanged() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let signals = try await bench.client.signals(SignalMatch(path: Sample.path))
            await bench.service.perform { bus in
                bus.propertiesChanged([.bytes], of: Sample.Described.self, at: Sample.path)
            }
            _ = try await bench.call("Ring")
            let told = await signals.prefix(2)
            #expect(told.map(\.member) == ["PropertiesChanged", "Rang"])
            #expect(told[0].arguments[1] == .options(["Count": .int32(1)]))
        }
    }

    @Test func noSignalOfANewObjectPrecedesTheAnswerThatNamesIt() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let (client, service) = (bench.client, bench.serviceName)
            let signals = try await client.signals(SignalMatch(member: "InterfacesAdded"))
            let order = Order()
            // Noted as libdbus dispatches them: the order of arrival.
            try await client.perform { client in
                _ = client.subscribe(SignalMatch(member: "InterfacesAdded")) { _ in order.events.append("signal") }
                let make = OutgoingCall(
                    destination: service, path: Sample.path, interface: Sample.name, member: "Make", arguments: [])
                try client.core.call(make) { _ in order.events.append("answer") }
            }
            _ = await signals.first()
            #expect(await client.perform { _ in order.events } == ["answer", "signal"])
        }
    }

    @Test func objectsThatComeAndGoAreTold() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let signals = try await bench.client.signals(
                SignalMatch(interface: "org.freedesktop.DBus.ObjectManager"))
            let path = try #require(try await bench.call("Make").first?.objectPath)
            await bench.service.perform { _ = $0.unexport(path) }
            let told = await signals.prefix(2)
            #expect(told.map(\.member) == ["InterfacesAdded", "InterfacesRemoved"])
            #expect(told.map(\.path) == ["/org/example", "/org/example"])
            #expect(told[0].arguments.first == .objectPath(path))
            #expect(told[0].arguments.last?.entries?.first?.key == .string("org.example.Item"))
            #expect(told[1].arguments == [.objectPath(path), .strings(["org.example.Item"])])
        }
    }

    @Test func aWellKnownSenderIsFollowedAndOthersAreNotHeard() async throws {
        try await withBus(connections: 4) { bench in
            let (client, first, second, stranger) = (
                bench.connections[1], bench.connections[0], bench.connections[2], bench.connections[3]
            )
            #expect(try await first.requestName("org.example.Bell") == .acquired)
            let signals = try await client.signals(SignalMatch(sender: "org.example.Bell", member: "Rang"))
            // A second interest, in anybody, so that the stranger's signal does reach this connection.
            let all = try await client.signals(SignalMatch(member: "Rang"))
            func ring(_ connection: Connection, _ count: Int32) async throws {
                try await connection.perform {
                    try $0.emit(.rang, of: Sample.Described.self, from: Sample.path) {
                        $0.int32(count)
                        $0.string("")
                    }
                }
                // The bus has seen the signal once it has answered a later call.
                _ = try await connection.call(
                    "org.freedesktop.DBus", "/", "org.freedesktop.DBus.Peer", "Ping")
            }
            try await ring(stranger, 1)
            try await ring(first, 2)
            try await first.releaseName("org.example.Bell")
            #expect(try await second.requestName("org.example.Bell") == .acquired)
            try await ring(first, 3)
            try await ring(second, 4)
            #expect(await signals.prefix(2).map(\.arguments.first) == [.int32(2), .int32(4)])
            #expect(await all.prefix(4).map(\.arguments.first) == [.int32(1), .int32(2), .int32(3), .int32(4)])
        }
    }

    @Test func aCancelledSubscriptionIsSilent() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let order = Order()
            let client = bench.client
            let subscription = await client.perform { client in
                client.subscribe(SignalMatch(member: "Rang")) { _ in order.events.append("heard") }
            }
            _ = try await bench.call("Ring")
            subscription.cancel()
            _ = try await bench.call("Ring")
            _ = try await bench.call("Ring")
            #expect(await client.perform { _ in order.events.count } <= 1)
        }
    }

    @Test func aSignalCanGoToOneConnectionAlone() async throws {
        try await withBus(connections: 3) { bench in
            let chosen = await bench.client.perform { $0.uniqueName }
            let heard = try await bench.client.signals(SignalMatch(member: "Rang"))
            let other = try await bench.connections[2].signals(SignalMatch(member: "Rang"))
            try await bench.service.perform { bus in
                for (count, destination) in [(1, chosen), (2, nil)] {
                    try bus.emit(.rang, of: Sample.Described.self, from: Sample.path, to: destination) {
                        $0.int32(Int32(count))
                        $0.string("")
                    }
                }
            }
            #expect(await heard.prefix(2).map(\.arguments.first) == [.int32(1), .int32(2)])
            #expect(await other.first()?.arguments.first == .int32(2))
        }
    }

    @Test func aSignalOtherThanDescribedIsNotSent() async throws {
        try await withBus { bench in
            await #expect(throws: BusError.named(BusError.failed)) {
                try await bench.service.perform {
                    try $0.emit(.rang, of: Sample.Described.self, from: Sample.path) { $0.string("not a count") }
                }
            }
            await #expect(throws: BusError.named(BusError.invalidArgs)) {
                try await bench.service.perform { try $0.emit(.noName, of: Sample.Described.self, from: Sample.path) }
            }
        }
    }

    @Test func anApostropheInAMatchIsJustALetter() async throws {
        try await withBus { bench in
            let signals = try await bench.client.signals(SignalMatch(member: "Text", firstArgument: "it's 'so'"))
            try await bench.service.perform { bus in
                for text in ["other", "it's 'so'"] {
                    try bus.emit(.text, of: Sample.Described.self, from: "/") { $0.string(text) }
                }
            }
            #expect(await signals.first()?.arguments == [.string("it's 'so'")])
        }
    }
}

/// The events of one loop, in order.
private final class Order: Sendable {
    nonisolated(unsafe) var events: [String] = []  // unsafe: touched on the loop's thread only
}

extension AsyncStream where Element: Sendable {
    func first() async -> Element? {
        for await element in self { return element }
        return nil
    }

    func prefix(_ count: Int) async -> [Element] {
        var elements: [Element] = []
        for await element in self {
            elements.append(element)
            if elements.count == count { break }
        }
        return elements
    }
}
