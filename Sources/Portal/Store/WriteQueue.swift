// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Synchronization

/// The writes that wait for SQLite's one writer. Those that wait together share a transaction, and so one commit and one
/// sync, but not their fate: each has a savepoint of its own.
final class WriteQueue: Sendable {
    /// How much a commit must outlive before its write is answered.
    enum Durability: Sendable, Comparable {
        /// The process: kill -9 does not take it, a power cut may.
        case unsynced
        /// A power cut, too.
        case synced
    }

    /// A write that waits, and the way to answer it.
    private struct Job: Sendable {
        let durability: Durability
        /// Does the work, and keeps its result until the commit.
        let attempt: @Sendable (Database) throws -> Answer
        let fail: @Sendable (any Error) -> Void
    }

    private typealias Answer = @Sendable () -> Void

    private struct State {
        var waiting: [Job] = []
        var isWriting = false
    }

    private let database: any DatabaseWriter
    private let state = Mutex(State())

    /// How many share a transaction: the first of them waits for the work of the last.
    static let most = 64

    init(_ database: any DatabaseWriter) {
        self.database = database
    }

    /// How many have come and have not begun.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Does the work in a transaction, and returns when that is committed, and on disk where it is to be.
    ///
    /// - Parameter work: may run a second time, in a transaction of its own, where the one that it shared broke.
    /// - Throws: what the work throws, which then has changed nothing; or the `DatabaseError` of the commit.
    func write<Value: Sendable>(
        _ durability: Durability, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                durability: durability,
                attempt: { database in
                    let value = try work(database)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            let begins = state.withLock { state in
                state.waiting.append(job)
                defer { state.isWriting = true }
                return !state.isWriting
            }
            // One group at a time, so that other work of the writer comes in between.
            if begins { beginGroup() }
        }
    }

    private func beginGroup() {
        database.asyncWriteWithoutTransaction { [self] database in
            let jobs = state.withLock { state in
                let jobs = state.waiting.prefix(Self.most)
                state.waiting.removeFirst(jobs.count)
                return Array(jobs)
            }
            let answers = Self.outcomes(of: jobs, on: database)
            let isMore = state.withLock { state in
                state.isWriting = !state.waiting.isEmpty
                return state.isWriting
            }
            if isMore { beginGroup() }
            for answer in answers { answer() }
        }
    }

    /// Nobody is answered before the commit.
    private static func outcomes(of jobs: [Job], on database: Database) -> [Answer] {
        do {
            return try committed(jobs, on: database)
        } catch  where jobs.count > 1 {
            // The transaction broke (a full disk, an I/O error): one of them may have been too much, so each stands alone.
            return jobs.flatMap { outcomes(of: [$0], on: database) }
        } catch {
            return jobs.map { job in { job.fail(error) } }
        }
    }

    /// Throws where the whole transaction failed.
    private static func committed(_ jobs: [Job], on database: Database) throws -> [Answer] {
        let durability = jobs.map(\.durability).max()
        // NORMAL leaves the log unsynced at a commit; the next FULL one syncs all of it.
        if durability == .unsynced { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
        defer { if durability == .unsynced { try? database.execute(sql: "PRAGMA synchronous = FULL") } }
        var answers: [Answer] = []
        try database.inTransaction(.immediate) {
            // One alone needs no savepoint: what it throws ends the transaction.
            answers = try jobs.count == 1 ? [jobs[0].attempt(database)] : jobs.map { try outcome(of: $0, on: database) }
            return .commit
        }
        return answers
    }

    /// Throws where the transaction is gone with the job's savepoint.
    private static func outcome(of job: Job, on database: Database) throws -> Answer {
        var answer: Answer?
        do {
            try database.inSavepoint {
                answer = try job.attempt(database)
                return .commit
            }
        } catch {
            guard database.isInsideTransaction else { throw error }
            return { job.fail(error) }
        }
        return answer!
    }
}
