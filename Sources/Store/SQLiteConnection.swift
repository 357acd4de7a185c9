// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSQLite

/// One open database with the statements that were prepared on it. Used by one thread at a time.
final class SQLiteConnection {
    private let handle: OpaquePointer  // sqlite3
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens an existing file for writing.
    /// - Parameter patience: milliseconds to wait for another program's lock.
    init(path: String, patience: Int32 = 5000) throws(StoreError) {
        var handle: OpaquePointer?
        // The actor that owns us is the lock.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result = sqlite3_open_v2(path, &handle, flags, nil)
        do throws(StoreError) {
            try StoreError.check(result, "sqlite3_open_v2", on: handle)
            guard let handle else { throw StoreError(.unexpected, call: "sqlite3_open_v2", detail: "no connection") }
            // SQLite opens for reading alone what it may not write, and says so only when asked.
            guard sqlite3_db_readonly(handle, "main") == 0 else {
                throw StoreError(.readOnly, call: "sqlite3_db_readonly", detail: "the file can only be read")
            }
            self.handle = handle
        } catch {
            sqlite3_close_v2(handle)
            throw error
        }
        sqlite3_busy_timeout(self.handle, patience)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Runs several statements without parameters, each prepared for this once.
    func script(_ sql: StaticString) throws(StoreError) {
        try StoreError.check(sqlite3_exec(handle, sql.description, nil, nil, nil), "sqlite3_exec", on: handle)
    }

    /// Runs one statement and gives back how many rows it changed.
    @discardableResult
    func run(_ sql: StaticString, _ values: SQLiteValue...) throws(StoreError) -> Int {
        try statement(sql).run(values) { _ in }
        return Int(sqlite3_changes(handle))
    }

    /// All rows of one query.
    func rows<Value>(
        _ sql: StaticString, _ values: SQLiteValue..., read: (inout SQLiteRow) -> Value
    ) throws(StoreError) -> [Value] {
        var found: [Value] = []
        try statement(sql).run(values) { found.append(read(&$0)) }
        return found
    }

    /// Runs `body` as a whole or not at all. When this returns, it is on the disk.
    func transaction<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        // IMMEDIATE: who will write says so at once, and is not refused half-way because another writer came between.
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

    private func statement(_ sql: StaticString) throws(StoreError) -> SQLiteStatement {
        let key = sql.description
        if let known = statements[key] { return known }
        let statement = try SQLiteStatement(sql, on: handle)
        statements[key] = statement
        return statement
    }
}
