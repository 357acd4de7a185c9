// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import TestBench
import Testing

/// A program that calls without end and reads nothing makes nobody else wait.
@Suite(.timeLimit(.minutes(1))) struct FairnessTests {
    /// Half a megabyte in each answer.
    private static let large: [Value] = [.variant(.string(String(repeating: "x", count: 500_000)))]

    @Test func whoReadsNothingHoldsUpNobodyElse() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let deaf = try RawBusClient(bench.bus.address)
            try deaf.call(bench.serviceName, Sample.path.text, Sample.name, "Echo", .text(100_000), times: 300)
            for left in Int32(0)..<50 {
                let start = ContinuousClock.now
                #expect(try await bench.call("Add", [.int32(left), .int32(1)]) == [.int32(left + 1)])
                // A deaf program that held others up would do so for good; a busy machine may take seconds.
                #expect(ContinuousClock.now - start < .seconds(10))
            }
            // The bus keeps no more for it than the budget and what was under way.
            let unread = try await bench.client.unread(of: deaf.name)
            #expect(unread < 3 << 20, "\(unread) octets are unread")
        }
    }

    @Test func whoReadsLateGetsEverythingInItsOrder() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let late = try RawBusClient(bench.bus.address)
            try late.call(bench.serviceName, Sample.path.text, Sample.name, "Echo", .text(400_000), times: 8)
            // Answered after all that the service may do for it now.
            _ = try await bench.call("Add", [.int32(1), .int32(1)])
            let replies = try late.replies(8)
            #expect(replies.map(\.serial) == Array(2..<10))
            #expect(replies.allSatisfy { $0.error == nil && $0.length > 400_000 })
        }
    }

    @Test func thousandsOfCallsOfOneWhoReadsAreAllAnswered() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let busy = try RawBusClient(bench.bus.address)
            try busy.call(bench.serviceName, Sample.path.text, Sample.name, "Rows", .none, times: 20_000)
            #expect(try await bench.call("Add", [.int32(1), .int32(1)]) == [.int32(2)])
            let replies = try busy.replies(20_000)
            #expect(replies.map(\.serial) == Array(2..<20_002))
            #expect(replies.allSatisfy { $0.error == nil })
        }
    }

    @Test func pingsCountAsAnythingElse() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let deaf = try RawBusClient(bench.bus.address)
            try deaf.call(bench.serviceName, "/", "org.freedesktop.DBus.Peer", "Ping", .none, times: 20_000)
            #expect(try await bench.call("Add", [.int32(1), .int32(1)]) == [.int32(2)])
            let unread = try await bench.client.unread(of: deaf.name)
            #expect(unread < 3 << 20, "\(unread) octets are unread")
        }
    }

    @Test func whoLeavesWithCallsWaitingLeavesNothingBehind() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            for _ in 0..<3 {
                let deaf = try RawBusClient(bench.bus.address)
                try deaf.call(bench.serviceName, Sample.path.text, Sample.name, "Echo", .text(500_000), times: 20)
                _ = try await bench.call("Add", [.int32(1), .int32(1)])
                deaf.close()
            }
            #expect(try await bench.call("Add", [.int32(2), .int32(2)]) == [.int32(4)])
        }
    }

    @Test func callsBeyondTheLimitAreRefusedAndTheNextClientIsServed() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let deaf = try RawBusClient(bench.bus.address)
            // 40 MB of calls: more than may wait.
            try deaf.call(bench.serviceName, Sample.path.text, Sample.name, "Echo", .text(500_000), times: 80)
            #expect(try await bench.call("Echo", Self.large).first == Self.large[0])
            let errors = try deaf.replies(80).compactMap(\.error)
            #expect(errors.count > 40)
            #expect(errors.allSatisfy { $0 == "org.freedesktop.DBus.Error.LimitsExceeded" })
        }
    }
}

extension Connection {
    /// The octets that the bus keeps for a connection that has not read them.
    func unread(of name: String) async throws -> Int {
        let answer = try await call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.Debug.Stats", "GetConnectionStats",
            [.string(name)])
        return Int(try #require(answer.first?["OutgoingBytes"]?.unwrapped.uint32))
    }
}
