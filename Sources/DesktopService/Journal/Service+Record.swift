// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Store

/// The record on disk: opened and read at the start, and looked at again while it cannot be kept.
///
/// Nothing of that keeps the service from starting. Without a record it watches and reminds, and refuses what it would have to remember:
/// an approval that a crash could make forgotten shall ask nobody for a PIN.
extension Service {
    // MARK: - The start

    /// Opens the record and loads what earlier runs have written.
    ///
    /// - Parameter isWelcome: whether this service may run beside another one that keeps the record, and only read it.
    /// - Throws: `StoreError` `.inUse` where it may not.
    func openRecord(besideAnother isWelcome: Bool) async throws {
        let news: @Sendable (Store.News) -> Void = { [weak self, loop] news in
            loop.post { [weak self] in self?.assumeIsolated { $0.took(news) } }
        }
        await parts.store.tellNews(to: news)
        do {
            _ = try await parts.store.open()
            try await loadRecord()
            keeping.isKept()
            try await reserveNumbers()
        } catch let error as StoreError {
            if error.code == .inUse, !isWelcome { throw error }
            await readRecord(insteadOf: error)
        }
    }

    /// Reads what can only be read.
    private func readRecord(insteadOf error: StoreError) async {
        var state = RecordKeeping.State.unavailable
        do {
            // Whoever holds it locked holds it against readers, too.
            if error.code == .busy { throw error }
            if await !parts.store.isWritable {
                try await parts.store.openForReading(besideOthers: error.code == .inUse)
                try await loadRecord()
            }
            state = .readOnly
        } catch {
            await parts.store.close()
            if reading.hasNoSalt { forgetRecord() }
        }
        recordIsLost(state, because: error)
    }

    private func loadRecord() async throws {
        let store = parts.store
        let certificates = try await store.certificates()
        let decisions = try await store.newestDecisions()
        let renewals = try await store.filedRenewals(orRefusedAs: ErrorName.alreadyFiled.busName)
        let history = try await store.history(limit: Store.maximumHistory)
        let salt = try await store.identitySalt()
        let states = try await store.pinStates()
        // What an earlier version wrote down of a subject without a name could hold a number.
        let masked = certificates.map(\.masked)
        if masked != certificates, await store.isWritable {
            remember("names without numbers") { try await $0.remember(masked) }
        }
        registry = CertificateRegistry(masked, decisions: decisions, filedRenewals: renewals)
        self.history = history
        seenPINStates = states.compactMapValues { PINState(rawValue: $0) }
        use(salt)
    }

    /// Nothing is known; what is seen from now on is known as long as the service runs.
    private func forgetRecord() {
        var generator = SystemRandomNumberGenerator()
        use((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    private func use(_ salt: [UInt8]) {
        reading = CardReading(jobs: parts.jobs, configuration: .init(parts.configuration), identitySalt: salt)
        reminders = ReminderSchedule(planner: parts.configuration.reminderPlanner, registry: registry)
    }

    // MARK: - Whether it is kept

    /// Throws what an approval is refused with while nothing is kept; that is looked at again for the next one.
    func requireRecord() throws {
        guard keeping.state != .kept else { return }
        lookAtRecordAgain()
        throw ServiceError(keeping.refusal, detail: keeping.detail)
    }

    /// A write came to nothing. What that says of the next one is told once.
    func couldNotRemember(_ what: String, _ error: any Error) {
        let wasKept = keeping.state == .kept
        if let error = error as? StoreError { writeFailed(error) }
        let line = "could not remember \(what): \(error), continuing"
        if wasKept { parts.log.error(line) } else { parts.log.debug(line) }
    }

    func writeFailed(_ error: StoreError) {
        guard keeping.state == .kept else { return }
        switch error.code {
        case .full, .readOnly, .denied, .inputOutput, .noLocks, .inUse, .noPlace, .foreign, .newer:
            recordIsLost(.readOnly, because: error)
        case .busy, .corrupt, .moved, .notOpen, .unexpected: break
        }
    }

    private func recordIsLost(_ state: RecordKeeping.State, because error: StoreError) {
        let isNews = keeping.trouble != error || keeping.state != state
        keeping.isLost(state, because: error)
        guard isNews else { return }
        parts.log.error(
            "the record is \(state.rawValue), so no approval is given and nothing new is remembered: \(error), continuing"
        )
        rootChanged([.recordState])
        showRefusal(keeping.refusal)
    }

    /// Every call is an occasion to see whether there is room again, or the other service has ended.
    func lookAtRecordAgain() {
        guard keeping.state != .kept, !keeping.isLooking, !isEnding else { return }
        task { await self.tryRecord() }
    }

    func tryRecord() async {
        guard keeping.state != .kept, !keeping.isLooking, !isEnding else { return }
        keeping.isLooking = true
        defer { keeping.isLooking = false }
        do {
            if await parts.store.isWritable {
                try await reserveNumbers()
                recordIsKept()
            } else {
                _ = try await parts.store.open(isPatient: false)
                try await recordCameBack()
            }
        } catch let error as StoreError {
            guard !isEnding else { return await parts.store.close() }
            let known = registry
            await readRecord(insteadOf: error)
            if keeping.isAnothers { absorb(known) }
        } catch {
            parts.log.error("could not show what the record holds: \(error), continuing")
        }
    }

    private func recordIsKept() {
        keeping.isKept()
        parts.log.notice("the record is kept again")
        rootChanged([.recordState])
        withdraw(NoticeTexts.refusalKey)
        pruneRecord()
    }

    /// It can be written, which it could not before: what the disk remembers and what memory has learnt meanwhile become one.
    private func recordCameBack() async throws {
        let (known, states) = (registry, seenPINStates)
        try await loadRecord()
        guard !isEnding else { return }
        absorb(known)
        for (id, state) in states { seenPINStates[id] = .worse(state, seenPINStates[id] ?? .unknown) }
        try await reserveNumbers()
        recordIsKept()
        writeDownWhatIsKnown(including: states)
        try await recallApprovals()
        // The identity keys of before may have been made with another salt.
        for token in tokens.values where token.description != nil { read(token) }
    }

    /// Takes over what was known before the record was read again.
    private func absorb(_ known: CertificateRegistry) {
        registry.absorb(known)
        for id in registry.order {
            if toldPhases[id] == nil { announceCertificate(id) }
            certificateChanged(id, [.approval, .snoozedUntil])
        }
    }

    private func writeDownWhatIsKnown(including states: [String: PINState]) {
        let (known, now) = (registry.listed.map(\.known), parts.alarm.now())
        remember("what was known before") { store in
            try await store.remember(known)
            for certificate in known where !certificate.remindersTold.isEmpty {
                for (rung, time) in certificate.remindersTold {
                    try await store.remindersTold(
                        certificate: certificate.id, rungs: [rung], at: time,
                        seen: !certificate.remindersUnseen.contains(rung))
                }
                _ = try await store.snooze(certificate: certificate.id, until: certificate.snoozedUntil)
            }
            for (id, state) in states { try await store.pinWasWrong([id], state: state.rawValue, at: now) }
        }
    }

    private func took(_ news: Store.News) {
        switch news {
        case .replaced(let movedTo, let rows, let isWhole):
            let what = isWhole ? "all \(rows) rows of it" : "\(rows) rows of it, which is all that could be read,"
            parts.log.warning(
                "the record was damaged and lies at \(movedTo) now; \(what) are in the new one, continuing")
        case .remade:
            parts.log.error("the record's folder or a file in it was taken away; it was made anew, continuing")
        }
    }

    // MARK: - Numbers

    private func reserveNumbers() async throws {
        keeping.take(try await parts.store.reserveApprovalNumbers(RecordKeeping.reserve))
    }

    /// A number that no approval had or will have. Throws `StoreFailed` where none could be taken from the record.
    func nextApprovalNumber() throws -> Int64 {
        defer { reserveMoreNumbers() }
        guard let number = keeping.nextNumber() else { throw ServiceError(.storeFailed, detail: "numbers") }
        return number
    }

    private func reserveMoreNumbers() {
        guard keeping.needsNumbers, !keeping.isReserving else { return }
        keeping.isReserving = true
        task {
            do { try await self.reserveNumbers() } catch { self.couldNotRemember("a number", error) }
            self.keeping.isReserving = false
        }
    }

    // MARK: - What is too old

    /// Clears the record, once a day.
    func pruneRecord() {
        let now = parts.alarm.now()
        handleTokens.prune(at: now)
        guard keeping.state == .kept, keeping.prunedAt.map({ abs(now - $0) >= Validity.day }) ?? true else { return }
        keeping.prunedAt = now
        remember("that approvals are too old") { store in
            while try await store.prune(at: now, keepingRenewalsRefusedAs: ErrorName.alreadyFiled.busName) {}
        }
    }
}
