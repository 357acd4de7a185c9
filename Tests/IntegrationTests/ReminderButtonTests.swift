// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import JobFrames
import ManualTime
import Notifications
import Store
import Testing

/// A reminder's buttons, also when they are pressed late, or twice.
@Suite(.timeLimit(.minutes(2))) struct ReminderButtonTests {
    private let a = String(repeating: "a", count: 64)
    private let portal = "https://portal.example"

    private func bench() async throws -> ReminderBench {
        var configuration = DesktopConfiguration()
        configuration.portals = [ConfiguredPortal(name: "deneme", origin: try Origin(portal))]
        return try await ReminderBench([.ending(inDays: 14)], configuration: configuration)
    }

    private func button(_ label: String, _ bench: ReminderBench) throws -> String {
        try #require(bench.board.shown.last { $0.key == "reminder" }?.actions.first { $0.label == label }?.id)
    }

    @Test(arguments: ["E-Onay ver", "Yenile"])
    func aDoubleClickBeginsOneApprovalAndComplainsOfNothing(label: String) async throws {
        let bench = try await bench()
        try await bench.begin()
        let id = try button(label, bench)
        bench.board.tell(.action(key: "reminder", id: id))
        bench.board.tell(.action(key: "reminder", id: id))
        try await bench.settle()
        #expect(try await bench.bus.objects("Approval").count == 1)
        bench.board.tell(.action(key: "reminder", id: id))
        try await bench.settle()
        #expect(try await bench.bus.objects("Approval").count == 1)
        #expect(!bench.board.shown.contains { $0.key == "refusal" })
        await bench.end()
    }

    @Test(arguments: [("accept", "E-Onayınız zaten kayıtlı"), ("decline", "Ret kararınız zaten kayıtlı")])
    func aClickOnABubbleFromBeforeTheDecisionSaysThatItStands(decision: String, says: String) async throws {
        let bench = try await bench()
        try await bench.begin()
        let id = try button("E-Onay ver", bench)
        await bench.end()
        try await bench.remember(decision: decision, portal: portal)
        try await bench.begin()
        bench.board.tell(.action(key: "reminder", id: id))
        try await bench.settle()
        #expect(try await bench.bus.objects("Approval").isEmpty)
        let said = try #require(bench.board.shown.last)
        #expect(said.summary == says)
        #expect(said.body.contains("2026-17"))
        #expect(said.actions.isEmpty)
        await bench.end()
    }

    @Test func anOldBubblesButtonDoesWhatItSaidAndNotWhatStandsInItsPlaceNow() async throws {
        let bench = try await bench()
        try await bench.begin()
        let first = try #require(bench.board.shown.first)
        let give = try button("E-Onay ver", bench)
        #expect(first.actions.map(\.label) == ["E-Onay ver", "Yenile", "Sonra hatırlat"])
        await bench.end()
        try await bench.remember(decision: "accept", portal: portal)
        try await bench.begin()
        bench.clock.set(ReminderBench.start + 7 * ReminderBench.day)
        try await bench.set(clockTo: ReminderBench.start + 7 * ReminderBench.day)
        let second = try #require(bench.board.shown.last)
        #expect(second.actions.map(\.label) == ["Yenile", "Sonra hatırlat"])
        #expect(!second.actions.map(\.id).contains(give))
        await bench.end()
    }

    @Test func aClickThatNamesNothingKnownBeginsNothing() async throws {
        let bench = try await bench()
        try await bench.begin()
        for id in [
            "0", "approve", "approve:", "approve:\(String(repeating: "b", count: 64))", "renew:x", "cancel:n_1", "",
        ] {
            bench.board.tell(.action(key: "reminder", id: id))
        }
        try await bench.settle()
        #expect(try await bench.bus.objects("Approval").isEmpty)
        await bench.end()
    }
}
