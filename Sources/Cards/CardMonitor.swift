// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc
internal import Synchronization
public import SystemBasics

/// Watches all readers by PC/SC, on a thread of its own.
///
/// **The problem.** pcsc-lite tells changes by one blocking call, forgets its clients when `pcscd` dies, and says nothing
/// when it is back. **The rule.** The thread is an event loop. While `pcscd` runs, a function on it blocks in
/// `SCardGetStatusChange` without a time limit; when `pcscd` is away, that function returns, and the loop waits for the
/// socket's folder to change. So there is always one thing to wait for, and an idle monitor never wakes up.
/// **Forbidden.** No card is ever connected to: that would keep it busy for other programs. No context is
/// used twice: after an error it is dropped, since pcsc-lite refuses a dead one for ever and calls it valid.
public final class CardMonitor: CardWatcher {
    public let snapshots: AsyncStream<CardSnapshot>
    private let continuation: AsyncStream<CardSnapshot>.Continuation
    private let service: PCSCService
    private let loop: EventLoop
    private let hasStarted = Atomic(false)
    private let isStopping = Atomic(false)
    private let hasEnded = Atomic(false)
    private let mustLookAgain = Atomic(false)
    private let interrupter = WaitInterrupter()
    /// The context of the present wait, for those that interrupt it.
    private let waiting = Mutex<PCSCContext?>(nil)

    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var ledger = InsertionLedger()
    nonisolated(unsafe) private var reported = CardSnapshot(service: .starting)
    nonisolated(unsafe) private var folder: FoldersWatch?
    nonisolated(unsafe) private var timer: LoopTimer?
    nonisolated(unsafe) private var attempts = 0
    nonisolated(unsafe) private var absence = PCSCAbsence()

    /// The pauses before each further try to reach `pcscd`, once something has happened. Its socket appears a
    /// moment before it can be connected to; a service that is restarted by systemd takes a little longer.
    private static let delays: [Duration] = [
        .zero, .milliseconds(5), .milliseconds(10), .milliseconds(20), .milliseconds(50), .milliseconds(100),
        .milliseconds(200), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4),
    ]

    /// For pcsc-lite before 2.3.0: how long after a change the list of readers is looked at once more, in milliseconds.
    ///
    /// Its wait compares the number of readers with that at its own beginning, so a reader that came after the list was
    /// made and before the wait began (the second slot of a reader with two) would be missed. The remaining case is the same
    /// moment, a tenth of a millisecond, after this time of quiet.
    private static let settlingTime = 300

    /// Makes a monitor that does not run yet. Throws `SystemError` where the system has no descriptor to spare.
    public init() throws(SystemError) {
        (snapshots, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
        loop = try EventLoop(name: "cards")
        service = PCSCService.current
    }

    public func start() {
        guard !hasStarted.exchange(true, ordering: .sequentiallyConsistent) else { return }
        loop.post { self.connect() }
        do {
            try loop.start()
        } catch {
            // No thread to be had: there will be no event, and the stream says so by ending.
            hasStarted.store(false, ordering: .sequentiallyConsistent)
            continuation.finish()
        }
    }

    public func retry() {
        guard isWaiting else { return loop.post { self.tryAnew() } }
        mustLookAgain.store(true, ordering: .sequentiallyConsistent)
        interrupter.interrupt {
            self.waiting.withLock { $0 }
        } while: {
            self.mustLookAgain.load(ordering: .sequentiallyConsistent) && self.isWaiting
        }
    }

    private var isWaiting: Bool { waiting.withLock { $0 != nil } }

    public var isServiceInstalled: Bool { service.isInstalled() }

    public func holder(of reader: String) -> String {
        // PC/SC does not show which program has which reader, so the name does not matter: all clients of pcscd are named.
        service.clients().map(\.description).joined(separator: ", ")
    }

    public func stop() {
        guard !isStopping.exchange(true, ordering: .sequentiallyConsistent) else { return }
        guard hasStarted.load(ordering: .sequentiallyConsistent) else { return continuation.finish() }
        loop.post {
            self.end()
            self.hasEnded.store(true, ordering: .sequentiallyConsistent)
        }
        // A wait that has just been given up is looked for as well: it may be one of the next round.
        interrupter.interrupt {
            self.waiting.withLock { $0 }
        } while: {
            !self.hasEnded.load(ordering: .sequentiallyConsistent)
        }
        // Only a pcscd that accepts a connection and never answers needs longer than the first rounds; the thread is left to its
        // fate then. Not by a pipe: there may be no descriptor left.
        var rounds = Self.farewellRounds
        while rounds > 0, !hasEnded.load(ordering: .sequentiallyConsistent) {
            _ = poll(nil, 0, Self.farewellRound)
            rounds -= 1
        }
        continuation.finish()
        if hasEnded.load(ordering: .sequentiallyConsistent) { loop.stop() }
    }

    public func end() async {
        let (ended, whenEnded) = AsyncStream<Void>.makeStream()
        do {
            let thread = try BlockingThread(name: "cards-end")
            thread.post {
                self.stop()
                whenEnded.finish()
                thread.stop()
            }
        } catch {
            stop()
            whenEnded.finish()
        }
        for await _ in ended {}
    }

    /// The longest time that `stop` waits: 1.5 s.
    private static let (farewellRounds, farewellRound): (Int, Int32) = (300, 5)

    // MARK: - While pcscd runs

    private func connect() {
        timer = nil
        guard !isStopping.load(ordering: .sequentiallyConsistent) else { return }
        do {
            let context = try PCSCContext()
            waiting.withLock { $0 = context }
            defer {
                waiting.withLock { $0 = nil }
                context.close()
            }
            try follow(context)
        } catch {
            lose(error)
        }
    }

    /// Reports each change until `pcscd` goes away, which it throws, or `stop()` is called.
    private func follow(_ context: PCSCContext) throws(PCSCError) {
        let states = ReaderStates()
        var isSettled = false
        var mismatches = 0
        while true {
            if states.update(to: try context.readers()) { isSettled = false }
            if !states.hasUnseen { report(states) }
            while true {
                if isStopping.load(ordering: .sequentiallyConsistent) { return }
                if mustLookAgain.exchange(false, ordering: .sequentiallyConsistent) { states.forget() }
                do {
                    let exact = isSettled || states.countsReaderEvents
                    try context.wait(for: states, milliseconds: exact ? nil : Self.settlingTime)
                    isSettled = false
                } catch  where error.code == .cancelled {
                    continue
                } catch  where error.code == .timeout {
                    isSettled = true
                } catch  where error.code == .unknownReader || error.code == .readerUnavailable {
                    // A reader went after the list was made: make it anew, unless pcscd contradicts itself for ever.
                    mismatches += 1
                    guard mismatches < 10 else { throw error }
                    break
                }
                reached()
                mismatches = 0
                // The list first if it has changed, so that a reader that went is not reported as one without a card.
                if !states.needsNewList { report(states) }
                break
            }
        }
    }

    private func report(_ states: ReaderStates) {
        let readers = ledger.readers(states.observations)
        report(CardSnapshot(service: readers.isEmpty ? .noReader : .watching, readers: readers))
    }

    private func report(_ snapshot: CardSnapshot) {
        guard snapshot != reported else { return }
        reported = snapshot
        continuation.yield(snapshot)
    }

    // MARK: - While it does not

    /// A wait has come back in good order, so `pcscd` is there; that it answered the first question says little.
    private func reached() {
        attempts = 0
        absence.reset()
        folder?.cancel()
        folder = nil
    }

    private func lose(_ error: PCSCError) {
        ledger.forget()
        switch absence.failed(error.code, isListening: service.isListening) {
        case .denied: report(CardSnapshot(service: .denied))
        case .absent: report(CardSnapshot(service: .noService))
        case .undecided:
            // Cards are not seen at this moment, whatever the reason.
            if reported.service == .watching || reported.service == .noReader {
                report(CardSnapshot(service: .noService))
            }
        }
        if folder == nil {
            // If the system refuses (no inotify instance left), `retry()` still brings it back.
            folder = try? FoldersWatch(
                [service.folder], on: loop, isOfInterest: { [service] in $0 == service.socketName },
                handler: { [weak self] in self?.tryAnew() })
        }
        scheduleAttempt()
    }

    private func tryAnew() {
        attempts = 0
        timer?.cancel()
        scheduleAttempt()
    }

    private func scheduleAttempt() {
        guard attempts < Self.delays.count, !isStopping.load(ordering: .sequentiallyConsistent) else { return }
        timer = loop.timer(after: Self.delays[attempts]) { [weak self] in self?.connect() }
        // No event shows that there are descriptors again.
        if attempts < Self.delays.count - 1 || service.isListening() != nil { attempts += 1 }
    }

    private func end() {
        timer?.cancel()
        folder?.cancel()
    }
}

/// The source of card events: `CardMonitor`, or a test's own.
public protocol CardWatcher: Sendable {
    /// Each change as a whole picture; for one reader of the stream. It ends with `stop()`.
    ///
    /// If more than 64 wait to be read, the oldest are dropped: the newest is always there.
    var snapshots: AsyncStream<CardSnapshot> { get }

    /// Begins to watch.
    func start()

    /// Whether a smart-card service is installed on this computer; one that does not run can be started then.
    var isServiceInstalled: Bool { get }

    /// Looks again now: after a refusal, and for the end of another program's exclusive hold, which has no event.
    ///
    /// Returns at once, from any thread.
    func retry()

    /// The other programs that have cards open, as "name (pid)", comma-separated; empty where the system does not show it.
    func holder(of reader: String) -> String

    /// Ends the watch and waits for its end: for milliseconds, and for 1.5 s at most where `pcscd` hangs.
    func stop()

    /// The same, without holding up the caller's thread.
    func end() async
}

extension CardWatcher {
    public var isServiceInstalled: Bool { true }

    public func end() async { stop() }
}
