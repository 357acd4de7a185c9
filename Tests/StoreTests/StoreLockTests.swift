// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import TestBench
import Testing

@testable import Store

/// One process keeps the record, and what it writes lies where everybody looks for it.
@Suite(.timeLimit(.minutes(1))) struct StoreLockTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
        do { try await body() } catch { return (error as? StoreError)?.code }
        return nil
    }

    // MARK: - One at a time

    @Test func aSecondStoreIsToldWhoKeepsTheRecord() async throws {
        try await withStore(in: folder) { first async throws in
            let thread = try BlockingThread(name: "second")
            defer { thread.stop() }
            let second = Store(folder: folder.state, thread: thread)
            do {
                _ = try await second.open()
                Issue.record("it opened")
            } catch let error as StoreError {
                #expect(error.code == .inUse)
                #expect(error.holder == getpid())
            }
            // It reads what the first one writes, and writes nothing.
            try await second.openForReading(besideOthers: true)
            try await first.remember([.example()])
            #expect(try await second.certificates().map(\.id) == ["c1"])
            #expect(await code { try await second.remember([.example(2)]) } == .readOnly)
            await first.close()
            #expect(try await second.open() == .existing)
            await second.close()
        }
    }

    @Test func aFolderThatIsReachedByAnotherPathIsTheSame() async throws {
        try await withStore(in: folder) { _ async throws in
            symlink(folder.state, folder.file("other"))
            let thread = try BlockingThread(name: "second")
            defer { thread.stop() }
            let second = Store(folder: folder.file("other"), thread: thread)
            #expect(await code { _ = try await second.open() } == .inUse)
        }
    }

    @Test func aKilledHolderLeavesNoLockBehind() async throws {
        let writer = try Programs.built("store-writer")
        let process = try await ChildProcess.start(writer, ["write", folder.state])
        _ = try await process.lines.next { $0.text == "1 6" }
        let thread = try BlockingThread(name: "store")
        defer { thread.stop() }
        let store = Store(folder: folder.state, thread: thread)
        do { _ = try await store.open() } catch { #expect(error.holder == process.pid) }
        await process.kill()
        #expect(try await store.open() == .existing)
        await store.close()
    }

    @Test(arguments: ["eonay.lock", "eonay.db", "eonay.db-wal", "eonay.db-shm"], ["directory", "fifo", "symlink"])
    func whatIsNoOrdinaryFileIsRefusedByNameAndAtOnce(file: String, kind: String) async throws {
        mkdir(folder.state, 0o700)
        let path = folder.state + "/" + file
        switch kind {
        case "directory": mkdir(path, 0o700)
        case "fifo": mkfifo(path, 0o600)
        default: symlink("/dev/zero", path)
        }
        #expect(await code { try await withStore(in: folder) { _ in } } == .denied)
    }

    @Test func withoutAPlaceThereIsNoRecord() async throws {
        let thread = try BlockingThread(name: "store")
        defer { thread.stop() }
        #expect(await code { _ = try await Store(folder: "", thread: thread).open() } == .noPlace)
    }

    // MARK: - Files that are taken away

    enum Removal: String, CaseIterable, Sendable {
        case folder, database, journal, index, lock, movedFolder, movedDatabase, replacedDatabase

        func happen(_ state: String) throws {
            let files = FileManager.default
            switch self {
            case .folder: try files.removeItem(atPath: state)
            case .database: unlink(state + "/eonay.db")
            case .journal: unlink(state + "/eonay.db-wal")
            case .index: unlink(state + "/eonay.db-shm")
            case .lock: unlink(state + "/eonay.lock")
            case .movedFolder: rename(state, state + ".old")
            case .movedDatabase: rename(state + "/eonay.db", state + "/backup.db")
            case .replacedDatabase:
                try files.copyItem(atPath: state + "/eonay.db", toPath: state + "/restored.db")
                rename(state + "/restored.db", state + "/eonay.db")
            }
        }
    }

    @Test(arguments: Removal.allCases)
    func aSubmissionIsNeverKeptInAFileThatIsNotAtItsPath(removal: Removal) async throws {
        let signature = StoredSignature(step: "consent", code: "1", cms: [1, 2], signedAt: 5)
        try await withStore(in: folder) { store async throws in
            let news = Collected()
            await store.onNews { news.append($0) }
            try await store.remember([.example()])
            try await store.insert(.example(1))
            try removal.happen(folder.state)
            #expect(await code { try await store.submit(signature, of: 1) } == .moved)
            #expect(news.all == [.remade])
            // Once: the next one is written where everybody looks.
            try await store.submit(signature, of: 1)
            try await store.finish(1, .init(at: 5, result: "recorded", reference: "R-1"))
            #expect(news.all == [.remade])
            #expect(try await kept().history.map(\.reference) == ["R-1"])
            #expect(try await kept().certificates == ["c1"])
        }
        try await withStore(in: folder, expecting: .existing) { store async throws in
            #expect(try await store.history(limit: 0).map(\.reference) == ["R-1"])
            #expect(try await store.signatures(of: 1) == [signature])
            #expect(try await store.certificates().map(\.id) == ["c1"])
        }
    }

    @Test(arguments: Removal.allCases)
    func whatIsNoSubmissionIsWrittenAnew(removal: Removal) async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example(1)])
            let end = StoredApproval.End(at: 5, result: "failed", error: "E", errorDetail: "rate-limited")
            try await store.insert(.example(1))
            try await store.finish(1, end)
            try removal.happen(folder.state)
            try await store.remember([.example(2)])
            #expect(try await kept().certificates == ["c1", "c2"])
            #expect(try await store.endedApprovals(since: 0, limit: 1).map(\.end) == [end])
        }
    }

    @Test func aFolderThatCannotBeMadeAnewIsTriedAgainAtEachWrite() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example(1)])
            rename(folder.state, folder.file("old"))
            try Data().write(to: URL(fileURLWithPath: folder.state))
            #expect(await code { try await store.remember([.example(2)]) } == .denied)
            unlink(folder.state)
            try await store.remember([.example(2)])
            #expect(try await kept().certificates == ["c1", "c2"])
        }
    }

    /// The rows that another program finds at the path.
    private func kept() async throws -> (certificates: [String], history: [HistoryEntry]) {
        let thread = try BlockingThread(name: "reader")
        let store = Store(folder: folder.state, thread: thread)
        try await store.openForReading(besideOthers: true)
        let found = (try await store.certificates().map(\.id), try await store.history(limit: 0))
        await store.close()
        thread.stop()
        return found
    }

    // MARK: - Waiting

    @Test func whoIsInAHurryWaitsForNoLock() async throws {
        try await withStore(in: folder) { store async throws in
            let other = try SQLiteConnection(path: folder.database, patience: 0)
            try other.run("BEGIN IMMEDIATE")
            let start = ContinuousClock.now
            store.hurry(within: .milliseconds(100))
            for number in 1...20 { #expect(await code { try await store.insert(.example(Int64(number))) } == .busy) }
            #expect(ContinuousClock.now - start < .seconds(4))
            try other.run("ROLLBACK")
        }
    }
}

/// The news that a store reported.
private final class Collected: @unchecked Sendable {  // unchecked: behind its lock
    private let lock = NSLock()
    private var news: [Store.News] = []
    var all: [Store.News] { lock.withLock { news } }
    func append(_ one: Store.News) { lock.withLock { news.append(one) } }
}
