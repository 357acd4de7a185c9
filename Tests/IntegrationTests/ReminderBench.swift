// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import DesktopService
import EOnayCore
import EventLoops
import Jobs
import ManualTime
import Notifications
import Store
import TestBench
import Testing
import Texts

/// The service in this process, with its clock in the test's hand: days pass at once. Store and bus are real, cards there are none.
final class ReminderBench {
    static let day: Int64 = 86_400
    /// 2026-01-01T00:00:00Z
    static let start: Int64 = 1_767_225_600

    let clock = ManualClock(start)
    let bus: SessionBus
    private(set) var board = RecordingPresenter()
    private let privateBus: PrivateBus
    private let folder: TemporaryFolder
    private let configuration: DesktopConfiguration
    private var run: Run?

    /// The parts that live as long as one run of the service.
    private struct Run {
        let service: Service
        let alarm: ManualAlarm
        let connection: Connection
        let store: Store
        let thread: BlockingThread
        let loop: EventLoop
    }

    /// - Parameter certificates: what earlier runs have seen on cards.
    init(_ certificates: [KnownCertificate], configuration: DesktopConfiguration = DesktopConfiguration()) async throws
    {
        privateBus = try await PrivateBus.start()
        folder = try TemporaryFolder()
        bus = try await SessionBus(address: privateBus.address)
        self.configuration = configuration
        try await remember(certificates)
    }

    /// Has a card seen while the service does not run.
    func remember(_ certificates: [KnownCertificate]) async throws {
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: folder.file("state"), thread: thread)
        _ = try await store.open()
        try await store.remember(certificates)
        await store.close()
        thread.stop()
    }

    /// Has a decision recorded while the service does not run.
    func remember(decision: String, identity: UInt8 = 1, portal: String) async throws {
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: folder.file("state"), thread: thread)
        _ = try await store.open()
        let number = try await store.nextApprovalNumber()
        try await store.insert(
            StoredApproval(
                number: number, kind: .approve, handleToken: nil, fingerprint: [],
                certificate: String(repeating: "a", count: 64), identityKey: [identity], portal: portal,
                startedAt: Self.start - Self.day, decision: decision, state: "submitting"))
        _ = try await store.finish(
            number, StoredApproval.End(at: Self.start - Self.day, result: "recorded", reference: "2026-17"))
        await store.close()
        thread.stop()
    }

    // MARK: - Runs

    func begin(boardIsAway: Bool = false) async throws {
        let loop = try EventLoop(name: "service")
        try loop.start()
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: folder.file("state"), thread: thread)
        let connection = Connection(on: loop)
        try await connection.open(.address(privateBus.address))
        let alarm = ManualAlarm(clock)
        board = RecordingPresenter(isAway: boardIsAway)
        let nowhere = JobProgram(path: "/nowhere")
        let service = Service(
            ServiceParts(
                loop: loop, bus: connection, systemBus: nil, alarm: alarm, store: store, cards: NoCards(),
                jobs: InstalledJobs(runner: JobRunner(on: loop), token: nowhere, courier: nowhere, isUnit: false),
                notices: board,
                configuration: configuration, texts: Texts(.turkish), log: Log { _ in }, version: "1.0.0"))
        try await service.start()
        #expect(try await connection.requestName(SessionBus.name) == .acquired)
        try await service.begin()
        run = Run(
            service: service, alarm: alarm, connection: connection, store: store, thread: thread, loop: loop)
        try await settle()
    }

    func end() async {
        guard let run else { return }
        await run.service.stop()
        await run.connection.close()
        // The bus notices the end of a connection when nobody has its socket any more: a program that another test is just starting may.
        while (try? await bus.connection.credentials(of: SessionBus.name)) != nil {}
        run.thread.stop()
        run.loop.stop()
        self.run = nil
    }

    func restart(boardIsAway: Bool = false) async throws {
        await end()
        try await begin(boardIsAway: boardIsAway)
    }

    /// When the service wants to be woken.
    var nextInstant: Int64? { run?.alarm.instant }

    // MARK: - Time

    /// Lets time pass until `instant`; the service is woken when it wants to be, and at no other time.
    func pass(until instant: Int64) async throws {
        while let next = nextInstant, next <= instant {
            clock.set(max(next, clock.now()))
            run?.alarm.ring()
            try await settle()
        }
        clock.set(instant)
    }

    /// Sets the clock, which the kernel tells.
    func set(clockTo instant: Int64) async throws {
        clock.set(instant)
        run?.alarm.ring()
        try await settle()
    }

    /// Returns when everything that was begun has been written, shown and signalled.
    func settle() async throws {
        guard let run else { return }
        // Each thread does things in their order: what was posted to the loop, what that gave the store to do, what follows from
        // its end. Three times, since the board's answer to what was shown may have to be written, too.
        for _ in 0..<3 {
            await run.connection.perform { _ in }
            _ = try await run.store.identitySalt()
            await run.connection.perform { _ in }
        }
        _ = try await bus.call("Expiry")
    }

    // MARK: - The announced reminders

    /// A reminder, as signalled.
    struct Told: Equatable {
        var certificate: String
        var daysLeft: Int32
    }

    /// All `ExpiryReminder`s so far.
    var reminders: [Told] {
        bus.signals.all.filter { $0.member == "ExpiryReminder" }.map {
            Told(certificate: $0.arguments[0].string ?? "", daysLeft: $0.arguments[2].int32 ?? 0)
        }
    }

    func phase(_ row: Int = 0) async throws -> String? {
        try await bus.call("Expiry").first?.elements?[row].members?[4].string
    }
}

/// A reader that has nothing to tell.
private struct NoCards: CardWatcher {
    let snapshots = AsyncStream<CardSnapshot> { _ in }
    func start() {}
    func retry() {}
    func holder(of reader: String) -> String { "" }
    func stop() {}
}

extension KnownCertificate {
    /// A certificate that ends so many days after the bench's start.
    static func ending(
        inDays days: Int64, id: Character = "a", identity: UInt8 = 1, holder: String = "Şükrü İğdırlı",
        qualified: Bool = true
    ) -> KnownCertificate {
        let end = ReminderBench.start + days * ReminderBench.day
        return KnownCertificate(
            id: String(repeating: id, count: 64), holder: holder, maskedIdentity: "100********",
            identityKey: [identity],
            issuer: "Deneme", serialNumber: "01", notBefore: end - 1095 * ReminderBench.day, notAfter: end,
            keyType: "rsa-2048", qualified: qualified, hindrances: qualified ? [] : ["NotQualified"],
            firstSeen: ReminderBench.start, lastSeen: ReminderBench.start)
    }
}
