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
import Synchronization
import TestBench
import Testing
import Texts

/// The service in this process, with a card that the test puts in, and with job programs that play their parts (`acting-job`): approvals take
/// milliseconds, and what goes wrong in a job, and when, is the test's to say. Bus, store and processes are real.
final class ActedApprovals: Sendable {
    let clock = ManualClock(1_767_225_600)
    let board = RecordingPresenter()
    let cards = ManualCards()
    let jobs: ActingJobs
    let bus: SessionBus
    /// The folder of the record.
    let state: String
    private let privateBus: PrivateBus
    private let folder: TemporaryFolder
    private let service: Service
    private let connection: Connection
    private let thread: BlockingThread
    private let runner: JobRunner
    private let loop: EventLoop

    /// - Parameters:
    ///   - continuing: takes over bus and record of a service that has ended.
    ///   - patience: how long jobs are waited for.
    init(continuing former: ActedApprovals? = nil, patience: ApprovalPatience = .short) async throws {
        privateBus = if let former { former.privateBus } else { try await PrivateBus.start() }
        folder = if let former { former.folder } else { try TemporaryFolder() }
        state = folder.file("state")
        bus = if let former { former.bus } else { try await SessionBus(address: privateBus.address) }
        loop = try EventLoop(name: "service")
        try loop.start()
        thread = try BlockingThread(name: "store")
        connection = Connection(on: loop)
        try await connection.open(.address(privateBus.address))
        runner = JobRunner(on: loop, limit: 40)
        jobs = ActingJobs(runner, try Programs.built("acting-job"))
        var configuration = DesktopConfiguration()
        configuration.listDeadline = 1
        configuration.portals = [ConfiguredPortal(name: "deneme", origin: try Origin("https://portal.example.org"))]
        var parts = ServiceParts(
            loop: loop, bus: connection, systemBus: nil, alarm: ManualAlarm(clock),
            store: Store(folder: state, thread: thread), cards: cards, jobs: jobs, notices: board,
            configuration: configuration, texts: Texts(.turkish), log: Log { _ in }, version: "1.0.0")
        parts.patience = patience
        service = Service(parts)
        try await service.start()
        #expect(try await connection.requestName(SessionBus.name) == .acquired)
        try await service.begin()
    }

    /// The address of the bus.
    var address: String { privateBus.address }

    /// Puts the card in, and waits until it has been read.
    func insert() async throws {
        cards.insert()
        try await bus.until {
            try await $0.objects("Token").values.contains { $0["Certificates"]?.elements?.count == 1 }
        }
    }

    /// So many turns of the service's loop.
    func turns(_ count: Int) async {
        for _ in 0..<count { await connection.perform { _ in } }
    }

    func stop() async {
        await service.stop()
        await runner.stop()
        #expect(await runner.count == 0)
        await connection.close()
        thread.stop()
        loop.stop()
    }

    // MARK: - Approvals

    /// Begins an approval.
    ///
    /// - Parameter asking: a person is asked for the PIN; else it comes by a descriptor.
    func ask(
        _ method: String = "Approve", _ options: [String: Value] = [:], asking: Bool = false,
        from caller: SessionBus? = nil
    )
        async throws
        -> ObjectPath
    {
        let what: [Value] =
            switch method {
            case "Approve": [.string("accept")]
            case "SignCode": [.string("638856212993845")]
            default: []
            }
        let pin = try ApprovalBench.pipe(holding: "123456\n")
        let all = asking ? options : options.merging(["pin": .descriptor(pin)]) { mine, _ in mine }
        let answer = try await (caller ?? bus).connection.call(
            SessionBus.name, SessionBus.root, SessionBus.name, method,
            [.string("")] + what + [.options(all)])
        return try #require(answer.first?.objectPath)
    }

    func cancel(_ approval: ObjectPath) async throws {
        _ = try await bus.connection.call(SessionBus.name, approval, "\(SessionBus.name).Approval", "Cancel")
    }

    func end(of approval: ObjectPath) async throws -> End {
        let signal = try await bus.signals.next { $0.member == "Completed" && $0.path == approval }
        return End(signal.arguments[0].string ?? "", Self.word(signal.arguments[1].string))
    }

    /// Every `Completed` of an approval so far.
    func ends(of approval: ObjectPath) -> [End] {
        bus.signals.all.filter { $0.member == "Completed" && $0.path == approval }.map {
            End($0.arguments[0].string ?? "", Self.word($0.arguments[1].string))
        }
    }

    func facts(_ approval: ObjectPath) async throws -> [String: Value] {
        try await bus.properties("Approval", of: approval)
    }

    /// The results that `History` tells, newest first.
    func history() async throws -> [String] {
        try await bus.call("History", .uint32(0)).first?.elements?.map { $0.members?[3].string ?? "" } ?? []
    }

    private static func word(_ name: String?) -> String { name?.split(separator: ".").last.map(String.init) ?? "" }
}

extension ApprovalPatience {
    /// Jobs that hang are waited for a moment: long enough for one that plays on a busy machine.
    static var short: ApprovalPatience {
        var patience = ApprovalPatience()
        patience.courierStart = .seconds(2)
        (patience.portalConnect, patience.portalTotal) = (100, 300)
        patience.courierMargin = .milliseconds(700)
        patience.courierFarewell = .seconds(1)
        patience.revocation = .seconds(1)
        return patience
    }
}

/// A reader with a card in the test's hand.
final class ManualCards: CardWatcher {
    let snapshots: AsyncStream<CardSnapshot>
    private let continuation: AsyncStream<CardSnapshot>.Continuation
    private let insertions = Mutex<UInt64>(0)

    init() { (snapshots, continuation) = AsyncStream.makeStream() }

    func insert() {
        let insertion = insertions.withLock { count in
            count += 1
            return count
        }
        show(.present(atr: [0x3B], insertion: insertion))
    }

    func remove() { show(.none) }

    private func show(_ card: CardPresence) {
        continuation.yield(CardSnapshot(service: .watching, readers: [ReaderState(name: "Deneme 00 00", card: card)]))
    }

    func start() { remove() }
    func retry() {}
    func holder(of reader: String) -> String { "" }
    func stop() { continuation.finish() }
}

/// Starts `acting-job` in both parts, with the faults of the moment.
final class ActingJobs: JobLauncher {
    private let runner: JobRunner
    private let program: JobProgram
    private let faults = Mutex<[String]>([])

    init(_ runner: JobRunner, _ path: String) {
        self.runner = runner
        program = JobProgram(path: path)
    }

    /// The fault of jobs that start from now on: "session=hang".
    func set(_ faults: [String]) { self.faults.withLock { $0 = faults } }

    func startToken(
        deadline: Duration?, descriptors: [Int32: Int32]
    ) async throws(JobError) -> TokenConversation {
        Conversation(
            try await runner.start(
                program, arguments: ["token"] + faults.withLock { $0 }, descriptors: descriptors, deadline: deadline))
    }

    func startCourier(deadline: Duration?) async throws(JobError) -> CourierConversation {
        Conversation(
            try await runner.start(program, arguments: ["courier"] + faults.withLock { $0 }, deadline: deadline))
    }

    func open(page: String) async throws(JobError) {}
    func open(address: String) async throws(JobError) {}
    func run(
        _ words: [String], environment: [String: String], deadline: Duration
    ) async throws(JobError) -> Jobs.ExitStatus { .exited(0) }
}
