// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSQLite
internal import Glibc
internal import Synchronization
internal import SystemBasics

/// One open database with the statements that were prepared on it. Used by one thread at a time.
final class SQLiteConnection {
    /// How a file is opened.
    enum Access {
        /// To be written. It must exist.
        case writing
        /// To be read, beside others that may write.
        case reading
        /// To be read, where not even a lock can be taken. Its journal is passed over.
        case readingAlone
    }

    private let handle: OpaquePointer  // sqlite3
    private let waiting: Waiting
    private var statements: [String: SQLiteStatement] = [:]

    /// The context of SQLite's busy handler.
    private final class Waiting {
        let patience: BusyTimeout
        var start: Int64 = 0
        /// When statements are interrupted.
        var end: Int64 = .max

        init(_ patience: BusyTimeout) { self.patience = patience }
    }

    /// Opens an existing file for writing.
    /// - Parameter patience: milliseconds to wait for another program's lock.
    convenience init(path: String, patience: Int32 = 5000) throws(StoreError) {
        try self.init(path: path, .writing, BusyTimeout(milliseconds: patience))
    }

    init(path: String, _ access: Access, _ patience: BusyTimeout) throws(StoreError) {
        var handle: OpaquePointer?
        // The actor that owns us is the lock.
        let common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result =
            switch access {
            case .writing: sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | common, nil)
            case .reading: sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY | common, nil)
            case .readingAlone:
                sqlite3_open_v2(
                    "file:\(Self.escaped(path))?immutable=1", &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | common,
                    nil)
            }
        waiting = Waiting(patience)
        do throws(StoreError) {
            try StoreError.check(result, "sqlite3_open_v2", on: handle)
            guard let handle else { throw StoreError(.unexpected, call: "sqlite3_open_v2", detail: "no connection") }
            // SQLite opens for reading alone what it may not write, and says so only when asked.
            guard access != .writing || sqlite3_db_readonly(handle, "main") == 0 else {
                throw StoreError(.readOnly, call: "sqlite3_db_readonly", detail: "the file can only be read")
            }
            self.handle = handle
        } catch {
            sqlite3_close_v2(handle)
            throw error
        }
        sqlite3_busy_handler(
            self.handle,
            { data, count in
                let waiting = Unmanaged<Waiting>.fromOpaque(data!).takeUnretainedValue()
                if count == 0 { waiting.start = BusyTimeout.now() }
                return waiting.patience.wait(since: waiting.start) ? 1 : 0
            }, Unmanaged.passUnretained(waiting).toOpaque())
        // A damaged length shall not have us ask for a gigabyte: nothing of ours comes near to this.
        sqlite3_limit(self.handle, SQLITE_LIMIT_LENGTH, 16 << 20)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    private static func escaped(_ path: String) -> String {
        path.utf8.reduce(into: "") { text, octet in
            let scalar = Unicode.Scalar(octet)
            let isPlain =
                octet < 0x80 && (scalar.properties.isAlphabetic || "0123456789/.-".unicodeScalars.contains(scalar))
            text += isPlain ? String(scalar) : "%" + Hexadecimal.text([octet])
        }
    }

    /// Whether SQLite's own descriptor belongs to another file than the path leads to.
    var hasMoved: Bool {
        var answer: Int32 = 0
        return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &answer) == SQLITE_OK && answer != 0
    }

    /// Interrupts whatever statement runs when that time is over: damaged pages can lead in circles.
    func interrupt(after limit: Duration) {
        waiting.end = BusyTimeout.now() + limit.components.seconds * 1000
        sqlite3_progress_handler(
            handle, 10_000,
            { BusyTimeout.now() > Unmanaged<Waiting>.fromOpaque($0!).takeUnretainedValue().end ? 1 : 0 },
            Unmanaged.passUnretained(waiting).toOpaque())
    }

    /// Runs several statements without parameters, each prepared for this once.
    func script(_ sql: StaticString) throws(StoreError) {
        try StoreError.check(sqlite3_exec(handle, sql.description, nil, nil, nil), "sqlite3_exec", on: handle)
    }

    /// Runs one statement and gives back how many rows it changed.
    @discardableResult
    func run(_ sql: StaticString, _ values: SQLiteValue...) throws(StoreError) -> Int {
        try run(sql.description, values)
    }

    /// The same for a statement that is put together from names of our own tables.
    @discardableResult
    func run(_ sql: String, _ values: [SQLiteValue]) throws(StoreError) -> Int {
        try statement(sql).run(values) { _ in }
        return Int(sqlite3_changes(handle))
    }

    /// All rows of one query.
    func rows<Value>(
        _ sql: StaticString, _ values: SQLiteValue..., read: (inout SQLiteRow) -> Value
    ) throws(StoreError) -> [Value] {
        try rows(sql, values, read: read)
    }

    func rows<Value>(
        _ sql: StaticString, _ values: [SQLiteValue], read: (inout SQLiteRow) -> Value
    ) throws(StoreError) -> [Value] {
        var found: [Value] = []
        try forEachRow(sql.description, values) { found.append(read(&$0)) }
        return found
    }

    /// Hands on each row of one query, also those before the one that cannot be read.
    func forEachRow(
        _ sql: String, _ values: [SQLiteValue], body: (inout SQLiteRow) -> Void
    ) throws(StoreError) {
        try statement(sql).run(values, body)
    }

    /// Runs `body` as a whole or not at all. When this returns, it is on the disk.
    func transaction<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        // IMMEDIATE: the lock for writing comes first, so no other writer can come between and have us refused half-way.
        try run("BEGIN IMMEDIATE")
        do throws(StoreError) {
            let value = try body()
            try run("COMMIT")
            return value
        } catch {
            // A full disk may have rolled back by itself; then this fails, and that is as good.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    private func statement(_ sql: String) throws(StoreError) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        let statement = try SQLiteStatement(sql, on: handle)
        statements[sql] = statement
        return statement
    }
}

/// How long SQLite waits for another program's lock: some seconds each time, and after `hurry(within:)`, so much in all.
final class BusyTimeout: Sendable {
    private let milliseconds: Int64
    /// On the monotonic clock; .max until `hurry(within:)`.
    private let end = Atomic<Int64>(.max)

    init(milliseconds: Int32) {
        self.milliseconds = Int64(milliseconds)
    }

    /// Limits all waits together from now on. From any thread, also while another one waits.
    func hurry(within limit: Duration) {
        end.store(Self.now() + limit.milliseconds, ordering: .releasing)
    }

    /// When a wait that began at `start` has to end.
    private func limit(from start: Int64) -> Int64 {
        min(start + milliseconds, end.load(ordering: .acquiring))
    }

    /// Waits a moment, and answers whether the lock is worth another try.
    func wait(since start: Int64) -> Bool {
        let left = limit(from: start) - Self.now()
        guard left > 0 else { return false }
        // SQLite calls its handler again and again, because no event shows that another process has released a lock.
        poll(nil, 0, Int32(min(left, 10)))
        return true
    }

    static func now() -> Int64 { MonotonicTime.now.milliseconds }
}
