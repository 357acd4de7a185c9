// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import JobFrames
import Jobs
import Notifications
import TestBench
import Testing
import Texts

@testable import DesktopService

/// `org.freedesktop.Application`: the menu's entry, its actions, and addresses.
@Suite(.timeLimit(.minutes(2)))
struct ApplicationTests {
    /// Eleven days before the certificate's end.
    private static let reminded: Int64 = 1_899_000_000
    private let texts = Texts(.turkish)

    // MARK: - Activate

    @Test func theStateIsShownWithItsButtons() async throws {
        let bench = try await ServiceBench(at: Self.reminded)
        try await bench.insert()
        try await bench.shows("reminder")
        try await bench.activate()
        let state = try await bench.shows("state")
        #expect(state.summary == "Şükrü İğdırlı")
        #expect(state.body.contains("11 gün kaldı") && state.body.contains("Bu bilgisayarda E-Onay verilmemiş."))
        #expect(state.actions.map(\.label) == ["E-Onay ver", "Yenile", "Sonra hatırlat"])
        // They are buttons as on a reminder.
        bench.presenter.tell(.action(key: "state", id: state.actions[0].id))
        _ = try await bench.signals.next { $0.member == "Completed" }
        bench.presenter.tell(.action(key: "state", id: "snooze"))
        try await bench.until { try await $0.certificate(.snoozedUntil)?.int64 == Self.reminded + 86_400 }
        try await bench.activate()
        let later = try await bench.shows("state") { $0.actions.map(\.label) == ["Yenile"] }
        #expect(later.body.contains("E-Onay verildi: "))
        await bench.stop()
    }

    @Test func aCertificateThatIsGoodForLongOffersNoRenewal() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        try await bench.activate()
        #expect(try await bench.shows("state").actions.map(\.label) == ["E-Onay ver"])
        await bench.stop()
    }

    @Test func whereNothingIsKnownItSaysWhatToDoOnceAllCardsHaveBeenRead() async throws {
        let bench = try await ServiceBench()
        try await bench.activate()
        _ = try await bench.property(.version)
        #expect(bench.presenter.shown.isEmpty)
        bench.watcher.show(.none)
        let state = try await bench.shows("state")
        #expect(state.summary == "Henüz bilinen bir sertifika yok" && state.actions.isEmpty)
        #expect(state.body == texts.error(.noCertificate).remedy)
        await bench.stop()
    }

    // MARK: - ActivateAction

    @Test func anActionDoesWhatItsButtonDoes() async throws {
        let bench = try await ServiceBench(at: Self.reminded)
        try await bench.insert()
        try await bench.shows("reminder")
        try await bench.act("approve")
        #expect(try await bench.signals.next { $0.member == "Completed" }.arguments.first?.string == "recorded")
        try await bench.act("renew", .string(String(ServiceBench.certificate.prefix(8))))
        #expect(try await bench.signals.next { $0.member == "Completed" }.arguments.first?.string == "recorded")
        // Both stand now, which is said and begins nothing.
        for action in ["approve", "renew"] { try await bench.act(action, .string(ServiceBench.certificate)) }
        #expect(bench.presenter.shown.suffix(2).map(\.key) == ["refusal", "refusal"])
        #expect(bench.signals.all.count { $0.member == "Completed" } == 2)
        try await bench.act("snooze")
        try await bench.until { try await $0.certificate(.snoozedUntil)?.int64 == Self.reminded + 86_400 }
        await bench.stop()
    }

    @Test func aReminderIsForgottenUntilTheNext() async throws {
        let bench = try await ServiceBench(at: Self.reminded)
        try await bench.insert()
        try await bench.shows("reminder")
        try await bench.act("forget-reminder")
        #expect(bench.presenter.withdrawn == ["reminder"])
        #expect(try await bench.certificate(.snoozedUntil)?.int64 == 0)
        // Nothing is left to be forgotten.
        try await bench.act("forget-reminder")
        #expect(bench.presenter.withdrawn == ["reminder"])
        await bench.stop()
    }

    @Test func aWrongActionOrParameterIsNamedAndShownToNobody() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        let shown = bench.presenter.shown.count
        let id = Value.string(ServiceBench.certificate)
        for (action, parameter) in [
            ("", []), ("Approve", []), ("cancel", []), ("approve", [id, id]), ("approve", [.uint32(1)]),
            ("snooze", [.string("nonsense")]),
        ] {
            await #expect(throws: ErrorName.invalidArgument.busError("")) { try await bench.act(action, parameter) }
        }
        #expect(bench.presenter.shown.count == shown)
        await bench.stop()
    }

    @Test func whatMemoryRefusesIsAnsweredAndShown() async throws {
        let bench = try await ServiceBench()
        bench.watcher.show(.none)
        for action in ["approve", "renew", "snooze"] {
            await #expect(throws: ErrorName.noCertificate.busError("")) { try await bench.act(action) }
        }
        #expect(bench.presenter.shown.map(\.key) == ["refusal", "refusal", "refusal"])
        await bench.stop()
    }

    /// Any program may call: it waits like one that calls `Approve`.
    @Test func aProgramWhosePromptWasClosedWaits() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        bench.jobs.failSigning(.pinCancelled)
        try await bench.act("approve")
        #expect(try await bench.signals.next { $0.member == "Completed" }.arguments[0].string != "recorded")
        await #expect(throws: ErrorName.promptDeferred.busError("")) { try await bench.act("approve") }
        // The first approval's own notice may still be on its way; the second must show none.
        #expect(!bench.presenter.shown.contains { $0.key == "refusal" || $0.key == "approval:2" })
        await bench.stop()
    }

    // MARK: - Open

    @Test func anAddressIsOpenedByTheProgramThatAsks() async throws {
        let bench = try await ServiceBench()
        let address = "eonay://sign?code=638856212993845&portal=https%3A%2F%2Fportal.example.org"
        for count in 1...4 {
            try await bench.open(address)
            // The call is answered first, then the program starts.
            try await bench.untilAnswered { $0.jobs.addresses.count == count }
        }
        await #expect(throws: ErrorName.limitExceeded.busError("")) { try await bench.open(address) }
        bench.jobs.endOpenings()
        try await bench.until { (try? await $0.open(address)) != nil }
        try await bench.untilAnswered { $0.jobs.addresses == [address] }
        bench.jobs.endOpenings()
        await bench.stop()
    }

    @Test func whatIsNoAddressOfOursIsOpenedByNothing() async throws {
        let bench = try await ServiceBench()
        for address in [
            "", "eonay://sign?code=1&portal=https://a.example", "https://a.example", "--help", "eonay://x\n",
        ] {
            await #expect(throws: ErrorName.invalidArgument.busError("")) { try await bench.open(address) }
        }
        await #expect(throws: ErrorName.invalidArgument.busError("")) { try await bench.open() }
        let good = "eonay://sign?code=638856212993845&portal=https%3A%2F%2Fportal.example.org"
        await #expect(throws: ErrorName.invalidArgument.busError("")) { try await bench.open(good, good) }
        #expect(bench.jobs.addresses.isEmpty && bench.signals.all.isEmpty)
        #expect(bench.presenter.shown.count == 5)
        await bench.stop()
    }

    @Test func aProgramThatCannotBeStartedIsSaid() async throws {
        let bench = try await ServiceBench()
        bench.jobs.fail(JobError(.notFound, "eonay"))
        try await bench.open("eonay://sign?code=638856212993845&portal=https%3A%2F%2Fportal.example.org")
        #expect(try await bench.shows("refusal").body.hasPrefix(texts.error(.internal).what))
        await bench.stop()
    }
}

extension ServiceBench {
    fileprivate func activate() async throws { try await callApplication(.activate) }

    fileprivate func act(_ action: String, _ parameter: Value...) async throws { try await act(action, parameter) }

    fileprivate func act(_ action: String, _ parameter: [Value]) async throws {
        try await callApplication(
            .activateAction, .string(action), .array(of: "v", parameter.map { .variant($0) }))
    }

    fileprivate func open(_ addresses: String...) async throws {
        try await callApplication(.open, .array(of: "s", addresses.map { .string($0) }))
    }

    private func callApplication(_ method: ApplicationInterface.Method, _ arguments: Value...) async throws {
        _ = try await client.call(
            Contract.busName, Contract.root, ApplicationInterface.self, method,
            arguments + [.options(["desktop-startup-id": .string("x"), "activation-token": .string("y")])])
    }

    /// Waits until a notice is shown under this key, and gives the newest.
    @discardableResult
    fileprivate func shows(
        _ key: String, where isRight: (NotificationContent) -> Bool = { _ in true }
    ) async throws -> NotificationContent {
        var found: NotificationContent?
        try await until { bench in
            _ = try await bench.property(.version)
            found = bench.presenter.shown.last { $0.key == key && isRight($0) }
            return found != nil
        }
        return try #require(found)
    }
}

extension FakeJobs {
    /// The card is read, and its signature fails.
    fileprivate func failSigning(_ error: ErrorName) {
        answer { (request: TokenRequest) in
            switch request {
            case .modules: [.modules(["/fake.so"], folders: [])]
            case .list: [.listed(.holding(ServiceBench.certificate))]
            case .prepare:
                (try? NationalIdentity(typed: "10000000146")).map {
                    [.prepared(PreparedSigner(identity: $0, certificate: [1], issuer: nil, pinState: .ok))]
                } ?? []
            default: [.failed(JobFailure(error))]
            }
        }
    }
}
