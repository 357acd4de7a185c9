// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import EventLoops
import Glibc
import ManualTime
import TestBench
import Testing

@testable import DesktopService
@testable import Store

/// The journal over a real store in a folder of its own.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct JournalTests {
    /// A journal, and what it has reported.
    @ServiceLoop
    private final class Bench {
        let clock = ManualClock(1_800_000_000)
        let journal: Journal
        private let thread: BlockingThread
        private(set) var changes: [String] = []
        private(set) var contents: JournalContents?
        private(set) var recalled: RecalledApprovals?
        /// Called at the next load.
        var whenLoaded: () -> Void = {}

        init(_ folder: String) throws {
            thread = try BlockingThread(name: "store")
            journal = Journal(
                Store(folder: folder, thread: thread), scheduler: ManualScheduler(), clock: clock, log: Log { _ in })
            journal.report = { [weak self] in self?.took($0) }
        }

        private func took(_ change: JournalChange) {
            switch change {
            case .loaded(let contents, let isReturning):
                self.contents = contents
                changes.append(isReturning ? "loaded again" : "loaded")
                whenLoaded()
                whenLoaded = {}
            case .recalled(let recalled):
                self.recalled = recalled
                changes.append("recalled")
            case .lost(let error): changes.append("lost \(error.rawValue)")
            case .kept: changes.append("kept")
            case .returned: changes.append("returned")
            case .forgot(let ids): changes.append("forgot \(ids)")
            }
        }

        func write<Value: Sendable>(_ work: @escaping @Sendable (Store) async throws -> Value) async -> Value? {
            await withCheckedContinuation { continuation in
                journal.write("something", work) { continuation.resume(returning: $0) }
            }
        }

        func close() async {
            journal.hurry()
            await journal.close()
            thread.stop()
        }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var state: String { folder.file("state") }

    private let certificate = KnownCertificate(
        id: String(repeating: "a", count: 64), holder: "Şükrü İğdırlı", maskedIdentity: "100********", identityKey: [1],
        issuer: "Deneme", serialNumber: "01", notBefore: 1_700_000_000, notAfter: 1_900_000_000, keyType: "ec-p256",
        qualified: true, hindrances: [], firstSeen: 1_700_000_000, lastSeen: 1_700_000_000)

    private func approval(_ number: Int64) -> StoredApproval {
        StoredApproval(
            number: number, kind: .approve, handleToken: "token_\(number)", fingerprint: [1],
            certificate: certificate.id, identityKey: [1], portal: "https://portal.example.org",
            startedAt: 1_800_000_000, decision: "accept", state: "checking")
    }

    @Test func whatWasWrittenIsLoadedAtTheNextStart() async throws {
        let certificate = certificate
        let first = try Bench(state)
        try await first.journal.open(besideAnother: true)
        #expect(first.changes == ["loaded"] && first.journal.state == .kept)
        #expect(first.contents?.certificates.isEmpty == true)
        first.journal.remember("a certificate") { _ = try await $0.remember([certificate]) }
        first.journal.remember("a wrong PIN") {
            try await $0.pinWasWrong([certificate.id], state: "final-try", at: 1_800_000_000)
        }
        // Nobody has waited for the writes: closing does.
        await first.close()

        let second = try Bench(state)
        try await second.journal.open(besideAnother: true)
        #expect(second.contents?.certificates.map(\.id) == [certificate.id])
        #expect(second.contents?.pinStates == [certificate.id: .finalTry])
        #expect(second.contents?.identitySalt == first.contents?.identitySalt)
        await second.close()
    }

    @Test func writesComeBackInTheirOrder() async throws {
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        var ended: [Int] = []
        for number in 1...5 {
            bench.journal.write("a number") { _ in
                number
            } done: {
                ended.append($0 ?? 0)
            }
        }
        _ = await bench.write { _ in }
        #expect(ended == [1, 2, 3, 4, 5])
        await bench.close()
    }

    @Test func withoutAPlaceNothingIsKeptAndApprovalsAreRefused() async throws {
        let bench = try Bench(try folder.write("file", []) + "/state")
        try await bench.journal.open(besideAnother: true)
        #expect(bench.changes == ["loaded", "lost StoreFailed"])
        #expect(bench.journal.state == .unavailable && bench.contents?.identitySalt.count == 32)
        #expect(throws: bench.journal.refusal) { try bench.journal.requireKept() }
        #expect(throws: ServiceError(.storeFailed, detail: "numbers")) { try bench.journal.nextApprovalNumber() }
        await bench.journal.recall(objectsSince: 0, atMost: 64)
        #expect(bench.recalled == nil)
        await bench.close()
    }

    @Test func aRecordOfAnotherProcessIsReadUntilItEnds() async throws {
        let certificate = certificate
        let keeper = try Bench(state)
        try await keeper.journal.open(besideAnother: true)
        let bench = try Bench(state)
        await #expect(throws: StoreError.self) { try await bench.journal.open(besideAnother: false) }
        try await bench.journal.open(besideAnother: true)
        #expect(bench.journal.isAnothers && bench.journal.state == .readOnly)
        #expect(bench.journal.refusal.name == .stateInUse)
        #expect(bench.changes == ["loaded", "lost StateInUse"])

        // The other one's writes are seen.
        _ = await keeper.write { try await $0.remember([certificate]) }
        await bench.journal.reopen()
        #expect(bench.contents?.certificates.map(\.id) == [certificate.id])
        #expect(bench.changes == ["loaded", "lost StateInUse", "loaded"])

        await keeper.close()
        await bench.journal.reopen()
        #expect(bench.journal.state == .kept)
        #expect(bench.changes.suffix(3) == ["loaded again", "kept", "returned"])
        await bench.close()
    }

    @Test func aCallDuringALookIsAnsweredByAnotherLook() async throws {
        let first = try Bench(state)
        try await first.journal.open(besideAnother: true)
        await first.close()
        let lock = open(state + "/eonay.lock", O_RDWR | O_CLOEXEC)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        #expect(bench.journal.isAnothers)
        // This look has found the record locked and reads it, when the other one ends and a call comes.
        bench.whenLoaded = { [journal = bench.journal] in
            // Closing alone does not end it where another test is just starting a child.
            flock(lock, LOCK_UN)
            close(lock)
            journal.lookAgain()
        }
        await bench.journal.reopen()
        #expect(bench.journal.state == .kept)
        #expect(bench.changes.suffix(4) == ["loaded", "loaded again", "kept", "returned"])
        await bench.close()
    }

    @Test func forgettingComesAfterWhatIsBeingWritten() async throws {
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        let approval = StoredApproval(
            number: 1, kind: .approve, handleToken: nil, fingerprint: [], certificate: "c", identityKey: [1],
            portal: "https://portal.example.org", startedAt: 1, decision: "accept", state: "checking")
        // An end takes several turns of the store, as that of an approval does.
        bench.journal.remember("the end of an approval") { store in
            try await store.insert(approval)
            for _ in 0..<5 { try await store.update(approval) }
            try await store.finish(1, .init(at: 2, result: "failed"))
        }
        let gone = await withCheckedContinuation { continuation in
            bench.journal.forget(ForgetOrder(.all, includesEvidence: false)) { result in
                continuation.resume(returning: (try? result.get())?.0.approvals)
            }
        }
        #expect(gone == [1])
        await bench.close()
    }

    @Test func aFullDiskIsReportedOnceAndItsEndToo() async throws {
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        for _ in 1...2 {
            let isWritten: Void? = await bench.write { _ in throw StoreError(.full, call: "write", detail: "") }
            #expect(isWritten == nil)
        }
        #expect(bench.changes == ["loaded", "lost StoreFailed"] && bench.journal.state == .readOnly)
        #expect(bench.journal.refusal == ServiceError(.storeFailed, detail: "full"))
        await bench.journal.reopen()
        #expect(bench.changes == ["loaded", "lost StoreFailed", "kept"] && bench.journal.state == .kept)
        try bench.journal.requireKept()
        await bench.close()
    }

    @Test func aFailureOfOneWriteSaysNothingOfTheNext() async throws {
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        let isWritten: Void? = await bench.write { _ in throw StoreError(.busy, call: "step", detail: "") }
        #expect(isWritten == nil && bench.changes == ["loaded"] && bench.journal.state == .kept)
        await bench.close()
    }

    @Test func aNumberIsGivenOnce() async throws {
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        var given: [Int64] = []
        for _ in 1...100 {
            given.append(try bench.journal.nextApprovalNumber())
            // More are reserved beside the calls.
            _ = await bench.write { _ = try await $0.identitySalt() }
        }
        #expect(Set(given).count == 100 && given == given.sorted())
        await bench.close()
        let next = try Bench(state)
        try await next.journal.open(besideAnother: true)
        #expect(try next.journal.nextApprovalNumber() > given.last ?? .max)
        await next.close()
    }

    @Test func approvalsOfAnEarlierRunAreRecalledOnce() async throws {
        let approvals = [approval(1), approval(2)]
        let first = try Bench(state)
        try await first.journal.open(besideAnother: true)
        _ = await first.write { store in
            for approval in approvals { try await store.insert(approval) }
            _ = try await store.finish(1, StoredApproval.End(at: 1_800_000_000, result: "recorded", reference: "17"))
        }
        await first.close()

        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        for _ in 1...2 { await bench.journal.recall(objectsSince: 1_799_999_400, atMost: 64) }
        #expect(bench.changes == ["loaded", "recalled"])
        #expect(bench.recalled?.approvals.map(\.record.number) == [1, 2])
        #expect(bench.recalled?.approvals.map { $0.record.end == nil } == [false, true])
        #expect(bench.recalled?.handleTokens == ["token_1": 1, "token_2": 2])
        #expect(bench.contents?.history.map(\.reference) == ["17"])
        await bench.close()
    }

    @Test func theRecordIsClearedOnceADay() async throws {
        let old = approval(1)
        let bench = try Bench(state)
        try await bench.journal.open(besideAnother: true)
        _ = await bench.write { store in
            try await store.insert(old)
            _ = try await store.finish(1, StoredApproval.End(at: 1_800_000_000, result: "failed"))
        }
        bench.clock.advance(by: Store.unrecordedLife + 1)
        bench.journal.prune()
        #expect(await bench.write { try await $0.history(limit: 0).count } == 0)
        _ = await bench.write { store in
            var late = old
            late.number = 2
            try await store.insert(late)
            _ = try await store.finish(2, StoredApproval.End(at: 1_800_000_000, result: "failed"))
        }
        bench.journal.prune()
        #expect(await bench.write { try await $0.history(limit: 0).count } == 1)
        bench.clock.advance(by: 86_400)
        bench.journal.prune()
        #expect(await bench.write { try await $0.history(limit: 0).count } == 0)
        await bench.close()
    }
}
