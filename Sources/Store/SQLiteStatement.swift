// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSQLite

/// A prepared statement; it is finalized with its last reference.
final class SQLiteStatement {
    private let handle: OpaquePointer  // sqlite3_stmt

    init(_ sql: String, on connection: OpaquePointer) throws(StoreError) {
        var handle: OpaquePointer?
        let result = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        try StoreError.check(result, "sqlite3_prepare_v3", on: connection)
        guard let handle else { throw StoreError(.unexpected, call: "sqlite3_prepare_v3", detail: "no statement") }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs the statement with these values and hands each row to `read`. Afterwards it is reset and holds no value.
    func run(_ values: [SQLiteValue], _ read: (inout SQLiteRow) -> Void) throws(StoreError) {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        let connection = sqlite3_db_handle(handle)
        for (index, value) in values.enumerated() {
            try StoreError.check(bind(value, Int32(index + 1)), "sqlite3_bind", on: connection)
        }
        while true {
            let result = sqlite3_step(handle)
            try StoreError.check(result, "sqlite3_step", on: connection)
            guard result == SQLITE_ROW else { return }
            var row = SQLiteRow(handle)
            read(&row)
        }
    }

    private func bind(_ value: SQLiteValue, _ index: Int32) -> Int32 {
        // SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies the bytes before the call returns.
        let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .null: return sqlite3_bind_null(handle, index)
        case .text(var text):
            // An empty buffer may be a null pointer, which would mean NULL.
            if text.isEmpty { return sqlite3_bind_text(handle, index, "", 0, copy) }
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text64(handle, index, $0.baseAddress, UInt64($0.count), copy, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            // No bytes are not NULL, which a null pointer would mean.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(handle, index, 0) }
            return sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), copy)
        }
    }
}

/// The columns of a row from left to right; valid only inside the closure that it is handed to.
struct SQLiteRow {
    private let statement: OpaquePointer
    private var column: Int32 = 0

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    private mutating func next() -> Int32 {
        defer { column += 1 }
        return column
    }

    mutating func integer() -> Int64 { sqlite3_column_int64(statement, next()) }

    mutating func flag() -> Bool { integer() != 0 }

    mutating func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// Nil for NULL.
    mutating func textIfAny() -> String? {
        guard sqlite3_column_type(statement, column) != SQLITE_NULL else {
            column += 1
            return nil
        }
        return text()
    }

    /// The value as it is, to be written elsewhere. A number with a fraction, which no column of ours takes, is NULL.
    mutating func value() -> SQLiteValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: .integer(integer())
        case SQLITE_TEXT: .text(text())
        case SQLITE_BLOB: .blob(bytes())
        default: skipped()
        }
    }

    private mutating func skipped() -> SQLiteValue {
        column += 1
        return .null
    }

    /// All values of the row.
    mutating func values() -> [SQLiteValue] {
        (column..<sqlite3_column_count(statement)).map { _ in value() }
    }

    mutating func list() -> [String] { text().split(separator: "\n").map(String.init) }

    mutating func bytes() -> [UInt8] {
        let column = next()
        // The pointer first: it may convert the value, and the length is that of the converted one.
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }
}

/// A value that can be bound to a parameter of a statement.
enum SQLiteValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }

    static func flag(_ value: Bool) -> SQLiteValue { .integer(value ? 1 : 0) }

    /// A list of short names that hold no line feed.
    static func list(_ names: [String]) -> SQLiteValue { .text(names.joined(separator: "\n")) }
}
