// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Synchronization
import TestBench
import Testing

@testable import Portal

/// Writes that wait together share a transaction, and not their fate.
@Suite(.timeLimit(.minutes(1))) struct WriteQueueTests {
    /// A database with one table, whose writer can be held up.
    private final class Bench {
        let folder: TemporaryFolder
        let pool: DatabasePool
        let queue: WriteQueue

        init(pages: Int? = nil) throws {
            folder = try TemporaryFolder()
            pool = try DatabasePool(path: folder.file("test.db"), configuration: SQLitePortalStore.configuration())
            queue = WriteQueue(pool)
            try pool.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        CREATE TABLE value (number INTEGER PRIMARY KEY CHECK (number <> 13), octets BLOB)
                        """)
                if let pages { try database.execute(sql: "PRAGMA max_page_count = \(pages)") }
            }
        }

        /// Holds the writer up until all of the jobs wait, so that they come in one group. Returns how each ended.
        func together(_ jobs: [Write]) async throws -> [Result<Int, DatabaseError>] {
            let isOpen = Mutex(false)
            let (entered, gate) = AsyncStream.makeStream(of: Void.self)
            pool.asyncWriteWithoutTransaction { _ in
                gate.finish()
                while !isOpen.withLock({ $0 }) { sched_yield() }
            }
            for await _ in entered {}
            return try await withThrowingTaskGroup(of: (Int, Result<Int, DatabaseError>).self) { group in
                for (index, job) in jobs.enumerated() {
                    group.addTask { [queue] in
                        do {
                            return (index, .success(try await queue.write(job.durability, job.work)))
                        } catch let error as DatabaseError {
                            return (index, .failure(error))
                        }
                    }
                }
                while queue.waiting < jobs.count { await Task.yield() }
                isOpen.withLock { $0 = true }
                var results = [Result<Int, DatabaseError>?](repeating: nil, count: jobs.count)
                for try await (index, result) in group { results[index] = result }
                return results.compactMap(\.self)
            }
        }

        var numbers: [Int] {
            get throws { try pool.read { try Int.fetchAll($0, sql: "SELECT number FROM value ORDER BY number") } }
        }
    }

    private struct Write: Sendable {
        var durability = WriteQueue.Durability.unsynced
        let work: @Sendable (Database) throws -> Int

        /// Inserts a number, and returns it.
        static func insert(_ number: Int, octets: Int = 0) -> Write {
            Write { database in
                try database.run("INSERT INTO value VALUES (?, zeroblob(?))", [number, octets])
                return number
            }
        }

        /// SQLite's level during the write: 1 (NORMAL) or 2 (FULL).
        static func level(_ durability: WriteQueue.Durability) -> Write {
            Write(durability: durability) { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
        }
    }

    @Test func manyWaitForOneCommit() async throws {
        let bench = try Bench()
        let commits = CommitCounter()
        bench.pool.add(transactionObserver: commits)
        let results = try await bench.together((20..<60).map { .insert($0) })
        #expect(try results.map { try $0.get() } == Array(20..<60))
        #expect(try bench.numbers == Array(20..<60))
        #expect(commits.count == 1)
    }

    @Test func moreThanAGroupTakesMoreCommits() async throws {
        let bench = try Bench()
        let commits = CommitCounter()
        bench.pool.add(transactionObserver: commits)
        _ = try await bench.together((20..<20 + 2 * WriteQueue.most).map { .insert($0) })
        #expect(commits.count == 2)
        #expect(try bench.numbers.count == 2 * WriteQueue.most)
    }

    @Test func whatFailsTakesNobodyAlong() async throws {
        let bench = try Bench()
        let half = Write { database in
            try database.run("INSERT INTO value VALUES (14, NULL)")
            try database.run("INSERT INTO value VALUES (13, NULL)")
            return 0
        }
        let results = try await bench.together([.insert(1), half, .insert(2), .insert(1)])
        #expect(try results[0].get() == 1 && results[2].get() == 2)
        #expect(throws: DatabaseError.self) { try results[1].get() }
        #expect(throws: DatabaseError.self) { try results[3].get() }
        #expect(try bench.numbers == [1, 2])
    }

    /// SQLite rolls the whole transaction back where a database is full: the others' writes come again, and are answered then.
    @Test func aTransactionThatBreaksIsDoneAgainOneByOne() async throws {
        let bench = try Bench(pages: 16)
        let results = try await bench.together([
            .insert(1), .insert(2, octets: 10_000_000), .insert(3),
            Write { database in
                try database.execute(sql: "ROLLBACK")
                throw DatabaseError(resultCode: .SQLITE_IOERR)
            }, .insert(4),
        ])
        #expect(try [0, 2, 4].map { try results[$0].get() } == [1, 3, 4])
        #expect(throws: DatabaseError.self) { try results[1].get() }
        #expect(throws: DatabaseError.self) { try results[3].get() }
        #expect(try bench.numbers == [1, 3, 4])
    }

    @Test func aGroupIsSyncedWhereOneOfItMustBe() async throws {
        let bench = try Bench()
        #expect(try await bench.together([.level(.unsynced)]).map { try $0.get() } == [1])
        #expect(try await bench.together([.level(.synced)]).map { try $0.get() } == [2])
        #expect(try await bench.together([.level(.unsynced), .level(.unsynced)]).map { try $0.get() } == [1, 1])
        #expect(try await bench.together([.level(.unsynced), .level(.synced)]).map { try $0.get() } == [2, 2])
        // What does not come through the queue is synced.
        #expect(try await bench.pool.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
    }
}

/// Counts commits that changed something.
private final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Mutex(0)

    var count: Int { commits.withLock { $0 } }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) { commits.withLock { $0 += 1 } }
    func databaseDidRollback(_ database: Database) {}
}
