// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import TestBench
import Testing

@testable import Store

/// When any octets of a database are damaged, the store opens, the old file lies aside, and each row that SQLite can still read is
/// in the new one.
@Suite(.timeLimit(.minutes(5))) struct StoreDamageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let approvals: ClosedRange<Int64> = 1...240
    private static let certificates = 0..<60

    @Test(arguments: [Sample.Kind.checkpointed, .inJournal])
    func noDamageKeepsTheStoreFromOpening(kind: Sample.Kind) async throws {
        let sample = try await makeSample(kind)
        let oracle = try Oracle(of: sample, in: folder)
        #expect(oracle.original.count == 421)
        let thread = try BlockingThread(name: "store")
        defer { thread.stop() }
        var (moved, rescued) = (0, 0)
        for seed in 0..<230 {
            var damage = Damage(seed: UInt64(seed) &* 2 &+ (kind == .inJournal ? 1 : 0))
            let damaged = damage.applied(to: sample)
            let readable = try oracle.rows(of: damaged)
            try damaged.write(to: folder.state)
            let store = Store(folder: folder.state, thread: thread)
            do {
                let opening = try await store.open()
                // All that a start reads.
                _ = try await store.certificates()
                _ = try await store.history(limit: 0)
                _ = try await store.newestDecisions()
                _ = try await store.pinStates()
                _ = try await store.unfinishedApprovals()
                for approval in try await store.endedApprovals(since: 0, limit: 64) {
                    _ = try await store.signatures(of: approval.number)
                }
                _ = try await store.reserveApprovalNumbers(8)
                try await store.remember([.example(999)])
                if case .replaced(let aside) = opening {
                    moved += 1
                    #expect(FileManager.default.fileExists(atPath: aside), "\(damage)")
                    let kept = try await store.allRows()
                    let lost = readable.subtracting(kept)
                    #expect(lost.isEmpty, "\(damage): \(lost.count) of \(readable.count), \(lost.min() ?? "")")
                    rescued += kept.count
                    #expect(try await store.isWhole(), "\(damage)")
                }
            } catch let error as StoreError {
                // Nobody can tell a damaged number of the version from a later one.
                let isNewer = damage.isOfVersion && error.code == .newer
                #expect(isNewer, "\(damage): \(error)")
            }
            await store.close()
        }
        #expect(moved > (kind == .inJournal ? 10 : 40))
        #expect(rescued > moved * 300)
    }

    /// The header says nothing that a new file of ours would not say, too.
    @Test(arguments: [0, 16, 18, 19, 20, 21, 47, 59, 60, 68])
    func aDamagedHeaderCostsNoRow(position: Int) async throws {
        var damaged = try await makeSample(.checkpointed)
        damaged.database[position] ^= 0x7F
        try damaged.write(to: folder.state)
        let aside = folder.database + ".broken-1"
        try await withStore(in: folder, expecting: .replaced(movedTo: aside)) { store async throws in
            #expect(try await store.certificates().count == Self.certificates.count)
            #expect(try await store.history(limit: 0).count == 120)
            #expect(try await store.unfinishedApprovals().count == 120)
            #expect(try await store.signatures(of: 2).count == 1)
            #expect(try await store.pinStates() == ["c3": "final-try"])
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: aside)) == damaged.database)
    }

    @Test func aJournalWhoseDatabaseIsGoneIsNotDeleted() async throws {
        var damaged = Sample()
        try await withStore(in: folder) { store async throws in
            try await store.remember(Self.certificates.map { .example($0) })
            damaged = try Sample(readFrom: folder.state)
        }
        damaged.database = Data()
        try damaged.write(to: folder.state)
        unlink(folder.database)
        try await withStore(in: folder, expecting: .replaced(movedTo: folder.database + ".broken-1")) {
            store async throws in
            #expect(FileManager.default.fileExists(atPath: folder.database + ".broken-1-wal"))
            #expect(try await store.certificates().count == Self.certificates.count)
        }
    }

    @Test func damageThatShowsAtTheFirstUseIsMendedThen() async throws {
        var damaged = try await makeSample(.checkpointed)
        // The table of the signatures is not looked through at the start.
        let pages = damaged.pages(where: { $0 == 0x0D })
        let store = try await opening(&damaged, pages: pages.suffix(1))
        for number in Self.approvals where number.isMultiple(of: 2) {
            _ = try await store.store.signatures(of: number)
        }
        #expect(FileManager.default.fileExists(atPath: folder.database + ".broken-1"))
        await store.store.close()
        store.thread.stop()
    }

    @Test func aCrashBetweenTheTwoRenamesLosesNothing() async throws {
        let sample = try await makeSample(.checkpointed)
        try sample.write(to: folder.state)
        rename(folder.database, folder.database + ".rescue")
        try await withStore(in: folder, expecting: .existing) { store async throws in
            #expect(try await store.certificates().count == Self.certificates.count)
        }
    }

    @Test func numbersThatMayHaveBeenGivenAreNotGivenAgainAfterDamage() async throws {
        var damaged = try await makeSample(.checkpointed)
        damaged.database.replaceSubrange(0..<100, with: Data(repeating: 0, count: 100))
        for page in damaged.pages(where: { $0 == 0x0D }) {
            damaged.database.replaceSubrange(page..<page + 4096, with: Data(repeating: 0xFF, count: 4096))
        }
        try damaged.write(to: folder.state)
        try await withStore(in: folder) { store async throws in
            #expect(try await store.nextApprovalNumber() > Self.approvals.upperBound)
        }
    }

    private func opening(
        _ damaged: inout Sample, pages: some Sequence<Int>
    ) async throws -> (store: Store, thread: BlockingThread) {
        for page in pages {
            damaged.database.replaceSubrange(page..<page + 4096, with: Data(repeating: 0x55, count: 4096))
        }
        try damaged.write(to: folder.state)
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: folder.state, thread: thread)
        _ = try await store.open()
        return (store, thread)
    }

    /// A database with pages of each kind, free ones among them, all of it in the file or the newest part in the journal.
    private func makeSample(_ kind: Sample.Kind) async throws -> Sample {
        var sample = Sample()
        try await withStore(in: folder) { store async throws in
            try await store.remember(Self.certificates.map { .example($0) })
            for certificate in Self.certificates {
                try await store.remindersShown(certificate: "c\(certificate)", thresholds: [30, 14], at: 5)
            }
            _ = try await store.reserveApprovalNumbers(Self.approvals.upperBound + 60)
            try await store.fill(Self.approvals)
            try await store.pinWasWrong(["c3"], state: "final-try", at: 6)
            _ = try await store.identitySalt()
            try await store.leaveFreePages()
            if kind == .checkpointed { try await store.checkpoint() }
            sample = try Sample(readFrom: folder.state)
        }
        return sample
    }
}

extension Store {
    fileprivate func fill(_ numbers: ClosedRange<Int64>) throws {
        for number in numbers { try insert(.example(number, token: "t\(number)")) }
        for number in numbers where number.isMultiple(of: 2) {
            let cms = [UInt8](
                repeating: UInt8(truncatingIfNeeded: number), count: number.isMultiple(of: 4) ? 6000 : 900)
            try submit(StoredSignature(step: "login", code: "1", cms: cms, signedAt: 5), of: number)
            try finish(number, .init(at: number, result: "recorded", reference: "R-\(number)"))
        }
    }

    fileprivate func leaveFreePages() throws {
        try transaction { (connection) throws(StoreError) in
            try connection.script("CREATE TABLE ballast (data TEXT); INSERT INTO ballast VALUES (hex(zeroblob(40000)))")
            try connection.script("DROP TABLE ballast")
        }
    }

    fileprivate func checkpoint() throws {
        try opened().script("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    fileprivate func allRows() throws -> Set<String> {
        let connection = try opened()
        return Set(try Oracle.Query.all.flatMap { try connection.rows($0.whole) { Oracle.text(&$0) } })
    }

    fileprivate func isWhole() throws -> Bool {
        let connection = try opened()
        let found = try connection.rows("PRAGMA integrity_check") { $0.text() }
        let orphans = try connection.rows("PRAGMA foreign_key_check") { $0.text() }
        return found == ["ok"] && orphans.isEmpty
    }
}
