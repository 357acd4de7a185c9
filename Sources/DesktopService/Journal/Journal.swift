// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
internal import Store

/// The reports of the journal.
enum JournalChange: Sendable {
    /// The record was read. While `isReturning`, what memory has learnt without it still counts beside it.
    case loaded(JournalContents, isReturning: Bool)
    /// The approvals of earlier runs, once.
    case recalled(RecalledApprovals)
    /// Nothing is kept from now on; approvals are refused by this name.
    case lost(ErrorName)
    /// Everything is kept again.
    case kept
    /// The record was lost for a while, and is open again: what memory knows is to be written into it.
    case returned
    /// The time of these certificates was over.
    case forgot([String])
}

/// The record of earlier runs.
struct JournalContents: Sendable {
    var certificates: [KnownCertificate] = []
    /// The newest recorded decision of each person.
    var decisions: [HistoryEntry] = []
    var filedRenewals: Set<String> = []
    var history: [HistoryEntry] = []
    /// The salt of the identity keys.
    var identitySalt: [UInt8]
    /// The state that a wrong PIN left and that no right one followed, by certificate.
    var pinStates: [String: PINState] = [:]
    /// The last word of each certificate's responder.
    var revocations: [String: KnownRevocation] = [:]
}

/// The approvals of earlier runs whose objects stand, or whose end is not known.
struct RecalledApprovals: Sendable {
    var approvals: [(record: StoredApproval, signatures: [StoredSignature])] = []
    /// By handle-token, the number of the approval that it names.
    var handleTokens: [String: Int64] = [:]
}

/// The record on disk: opened and read at the start, written in the order of the calls, and looked at again while it cannot be kept.
///
/// Nothing of that keeps the service from starting. Without a record it watches and reminds, and refuses what it would have to remember:
/// an approval that a crash could make forgotten shall ask nobody for a PIN.
final class Journal {
    /// The raw values are the contract's words.
    enum State: String, Sendable {
        case kept
        case readOnly = "read-only"
        case unavailable
    }

    private let store: Store
    private let scheduler: any Scheduler
    let clock: any WallClock
    private let log: Log
    var report: (JournalChange) -> Void = { _ in }

    private(set) var state = State.unavailable
    /// Why nothing is kept; nil while it is.
    private var trouble: StoreError?
    private var hasLoaded = false
    private var hasRecalled = false
    private var isLooking = false
    /// A call came during that look.
    private var isAskedMeanwhile = false
    private var isClosing = false
    /// When the record was last cleared of what is too old.
    private var prunedAt: Int64?
    /// After how many years a certificate is forgotten, and which are not, since their card is in.
    var retention: () -> (years: Int, present: Set<String>) = { (0, []) }
    /// Numbers that no other approval will get.
    private var numbers: Range<Int64> = 0..<0
    private var isReserving = false
    /// Writes that have not come back, and who waits for the last of them.
    private var openWrites = 0
    private var whenWritten: CheckedContinuation<Void, Never>?
    private var waitingForWrites: [() -> Void] = []

    /// So many numbers are reserved at once.
    private static let reserve: Int64 = 64
    /// The time that the end of the service has for other programs' locks: systemd's patience is longer.
    private static let farewell = Duration.seconds(2)

    init(_ store: Store, scheduler: any Scheduler, clock: any WallClock, log: Log) {
        (self.store, self.scheduler, self.clock, self.log) = (store, scheduler, clock, log)
    }

    // MARK: - Opening

    /// Opens the record and loads it.
    ///
    /// - Parameter isWelcome: whether this service may run beside another one that keeps the record, and only read it.
    /// - Throws: `StoreError` `.inUse` where it may not.
    func open(besideAnother isWelcome: Bool) async throws {
        let log = log
        await store.onNews { Self.log($0, to: log) }
        do {
            _ = try await store.open()
            try await load()
            (state, trouble) = (.kept, nil)
            try await reserveNumbers()
        } catch let error as StoreError {
            if error.code == .inUse, !isWelcome { throw error }
            await openForReading(insteadOf: error)
        }
    }

    /// Reads what can only be read.
    private func openForReading(insteadOf error: StoreError) async {
        var state = State.unavailable
        do {
            // A program that holds it locked keeps readers out, too.
            if error.code == .busy { throw error }
            if await !store.isWritable {
                try await store.openForReading(besideOthers: error.code == .inUse)
                try await load()
            }
            state = .readOnly
        } catch {
            await store.close()
            if !hasLoaded { loadNothing() }
        }
        isLost(state, because: error)
    }

    private func load(isReturning: Bool = false) async throws {
        let (contents, hasNumbers) = try await store.inOneTurn { store in
            var contents = try store.contents()
            let certificates = contents.certificates
            // An earlier version could write a number as the holder of a subject without a name.
            contents.certificates = certificates.map(\.masked)
            return (contents, contents.certificates != certificates && store.isWritable)
        }
        if hasNumbers {
            remember("names without numbers") { try await $0.remember(contents.certificates) }
        }
        hasLoaded = true
        report(.loaded(contents, isReturning: isReturning))
    }

    /// Nothing is known; what is seen from now on is known as long as the service runs.
    private func loadNothing() {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        hasLoaded = true
        report(.loaded(JournalContents(identitySalt: salt), isReturning: false))
    }

    /// Reads the approvals of earlier runs, as soon as that can be done. A part that the record cannot give is logged, and keeps nothing else
    /// from starting.
    func recall(objectsSince instant: Int64, atMost limit: Int) async {
        guard !hasRecalled, !isAnothers, state != .unavailable else { return }
        do {
            // A token names its approval for a day, though its object goes.
            let tokensSince = clock.now() - Store.handleTokenLife
            let recalled = try await store.inOneTurn { store in
                let records = try store.endedApprovals(since: instant, limit: limit) + store.unfinishedApprovals()
                return RecalledApprovals(
                    approvals: try records.map { ($0, try store.signatures(of: $0.number)) },
                    handleTokens: try store.handleTokens(since: tokensSince, limit: HandleTokens.most))
            }
            hasRecalled = state == .kept
            report(.recalled(recalled))
        } catch {
            couldNotRemember("what became of an approval", error)
        }
    }

    // MARK: - Whether it is kept

    /// Another process keeps it.
    var isAnothers: Bool { trouble?.code == .inUse }

    /// The refusal of an approval while nothing is kept, with its detail.
    var refusal: ServiceError {
        let detail = trouble.map { error in error.holder.map { "process \($0)" } ?? error.code.rawValue } ?? ""
        return ServiceError(isAnothers ? .stateInUse : .storeFailed, detail: detail)
    }

    /// Throws what an approval is refused with while nothing is kept; that is looked at again for the next one.
    func requireKept() throws(ServiceError) {
        guard state != .kept else { return }
        lookAgain()
        throw refusal
    }

    /// Every call is an occasion to see whether there is room again, or the other service has ended.
    func lookAgain() {
        guard state != .kept, !isClosing else { return }
        // The look that is under way may have seen the state from before this call.
        if isLooking { isAskedMeanwhile = true } else { scheduler.task { await self.reopen() } }
    }

    /// The same, and returns when it is known.
    func reopen() async {
        guard state != .kept, !isLooking, !isClosing else { return }
        isLooking = true
        defer { isLooking = false }
        repeat {
            isAskedMeanwhile = false
            await look()
        } while isAskedMeanwhile && state != .kept && !isClosing
    }

    private func look() async {
        do {
            if await store.isWritable {
                try await reserveNumbers()
                isKeptAgain()
            } else {
                _ = try await store.open(isPatient: false)
                try await load(isReturning: true)
                guard !isClosing else { return }
                try await reserveNumbers()
                isKeptAgain()
                report(.returned)
            }
        } catch let error as StoreError {
            guard !isClosing else { return await store.close() }
            await openForReading(insteadOf: error)
        } catch {
            log.error("could not look at the record again: \(error), continuing")
        }
    }

    private func isKeptAgain() {
        (state, trouble) = (.kept, nil)
        log.notice("the record is kept again")
        report(.kept)
        prune()
    }

    private func isLost(_ state: State, because error: StoreError) {
        let isNews = trouble != error || self.state != state
        (self.state, trouble) = (state, error)
        guard isNews else { return }
        log.error(
            "the record is \(state.rawValue), so no approval is given and nothing new is remembered: \(error), continuing"
        )
        report(.lost(refusal.name))
    }

    private static func log(_ news: Store.News, to log: Log) {
        switch news {
        case .replaced(let movedTo, let rows, let isWhole):
            let what = isWhole ? "all \(rows) rows of it" : "\(rows) rows of it, which is all that could be read,"
            log.warning("the record was damaged and lies at \(movedTo) now; \(what) are in the new one, continuing")
        case .remade:
            log.error("the record's folder or a file in it was taken away; it was made anew, continuing")
        }
    }

    // MARK: - Writing

    /// Remembers without making anybody wait for the disk; what could not be kept is logged.
    func remember(_ what: String, _ work: @escaping @Sendable (Store) async throws -> Void) {
        write(what, work) { _ in }
    }

    /// Has something written, then `done` called with what came of it: nil where it could not be kept, which is logged. The journal is not
    /// closed before.
    func write<Value: Sendable>(
        _ what: String, _ work: @escaping @Sendable (Store) async throws -> Value, done: @escaping (Value?) -> Void
    ) {
        openWrites += 1
        scheduler.task { [self] in
            do { done(try await work(store)) } catch {
                couldNotRemember(what, error)
                done(nil)
            }
            openWrites -= 1
            guard openWrites == 0 else { return }
            let waiting = waitingForWrites
            waitingForWrites = []
            for body in waiting { body() }
            if openWrites == 0 { whenWritten?.resume() }
        }
    }

    /// Calls `body` once all is on disk that was to be written before. Some writes take several turns of the store, and another one could
    /// come in between.
    func afterWrites(_ body: @escaping () -> Void) {
        if openWrites == 0 { body() } else { waitingForWrites.append(body) }
    }

    /// A write has failed. The report that the next one would fail, too, is made once.
    private func couldNotRemember(_ what: String, _ error: any Error) {
        let wasKept = state == .kept
        if wasKept, let error = error as? StoreError {
            switch error.code {
            case .full, .readOnly, .denied, .inputOutput, .noLocks, .inUse, .noPlace, .foreign, .newer:
                isLost(.readOnly, because: error)
            case .busy, .corrupt, .moved, .notOpen, .unexpected: break
            }
        }
        let line = "could not remember \(what): \(error), continuing"
        if wasKept { log.error(line) } else { log.debug(line) }
    }

    /// A number that no approval had or will have. Throws `StoreFailed` where none could be reserved in the record.
    func nextApprovalNumber() throws(ServiceError) -> Int64 {
        defer { reserveMoreNumbers() }
        guard let number = numbers.first else { throw ServiceError(.storeFailed, detail: "numbers") }
        numbers = (number + 1)..<numbers.upperBound
        return number
    }

    /// Numbers that are left are older: they come first, or are left out.
    private func reserveNumbers() async throws {
        let more = try await store.reserveApprovalNumbers(Self.reserve)
        numbers = numbers.upperBound == more.lowerBound ? numbers.lowerBound..<more.upperBound : more
    }

    private func reserveMoreNumbers() {
        guard numbers.count < Self.reserve / 2, !isReserving else { return }
        isReserving = true
        scheduler.task { [self] in
            do { try await reserveNumbers() } catch { couldNotRemember("a number", error) }
            isReserving = false
        }
    }

    /// Clears the record of what is too old, once a day.
    func prune() {
        let now = clock.now()
        guard state == .kept, prunedAt.map({ abs(now - $0) >= Validity.day }) ?? true else { return }
        prunedAt = now
        remember("that approvals are too old") { store in
            while try await store.prune(at: now, keepingRenewalsRefusedAs: ErrorName.alreadyFiled.busName) {}
        }
        forgetEnded(at: now)
    }

    /// Gives back the memory that reading and writing needed.
    func tidy() async {
        do { try await store.tidy() } catch { log.debug("the store keeps its memory: \(error)") }
    }

    // MARK: - Closing

    /// The service ends: another program's lock is waited for no longer than `farewell`.
    func hurry() {
        isClosing = true
        store.hurry(within: Self.farewell)
    }

    /// Closes the record once all that was to be written is on disk.
    func close() async {
        if openWrites > 0 { await withCheckedContinuation { whenWritten = $0 } }
        await store.close()
    }
}
