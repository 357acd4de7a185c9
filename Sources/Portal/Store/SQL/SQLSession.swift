// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A transaction of a database that speaks SQL. Belongs to the thread that it was made on, and ends with its closure.
///
/// Arguments stand for question marks. Tables are made so that one text does on SQLite and on PostgreSQL.
protocol SQLSession {
    /// What a SELECT ends with that is to hold its rows until the transaction's end. Empty where there is one writer.
    var forUpdate: String { get }

    func rows(_ sql: String, _ arguments: SQLArguments) throws -> [any SQLRow]

    /// The rows one by one, however many there are.
    func forEach(_ sql: String, _ body: (any SQLRow) throws -> Void) throws

    /// A statement without rows; returns how many rows it changed.
    @discardableResult func run(_ sql: String, _ arguments: SQLArguments) throws -> Int
}

extension SQLSession {
    func row(_ sql: String, _ arguments: SQLArguments = []) throws -> (any SQLRow)? { try rows(sql, arguments).first }

    func count(_ sql: String, _ arguments: SQLArguments = []) throws -> Int {
        try row(sql, arguments)?["count"] ?? 0
    }
}

typealias SQLArguments = [(any SQLConvertible)?]

/// A database that `SQLPortalStore` works on. Its functions may be called from any thread.
protocol SQLEngine: Sendable {
    /// What is read is of one moment.
    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Does all of the work or nothing.
    ///
    /// - Parameter work: may run again, where another transaction was in its way.
    func write<Value: Sendable>(
        _ durability: Durability, _ work: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value

    /// See `PortalStore.gauges`.
    func gauges(at now: Int64) async throws -> StoreGauges

    /// See `PortalStore.probe`.
    func probe(at now: Int64) async throws
}

/// What a commit must outlive before its write is answered.
enum Durability: Sendable, Comparable {
    /// The portal's process: kill -9 does not take it, a power cut may.
    case unsynced
    /// A power cut, too; and the loss of the machine, where the database has a synchronous standby.
    case synced
}

/// A value of a column.
enum SQLValue: Sendable, Equatable {
    case integer(Int64)
    case text(String)
    case octets(Data)
}

/// A type that columns hold.
protocol SQLConvertible: Sendable {
    var sqlValue: SQLValue { get }
    /// Nil for a value of another kind.
    init?(sqlValue: SQLValue)
}

extension Int64: SQLConvertible {
    var sqlValue: SQLValue { .integer(self) }

    init?(sqlValue: SQLValue) {
        guard case .integer(let value) = sqlValue else { return nil }
        self = value
    }
}

extension Int: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }

    init?(sqlValue: SQLValue) {
        guard case .integer(let value) = sqlValue else { return nil }
        self.init(exactly: value)
    }
}

extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .integer(self ? 1 : 0) }

    init?(sqlValue: SQLValue) {
        guard case .integer(let value) = sqlValue else { return nil }
        self = value != 0
    }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }

    init?(sqlValue: SQLValue) {
        guard case .text(let value) = sqlValue else { return nil }
        self = value
    }
}

extension Data: SQLConvertible {
    var sqlValue: SQLValue { .octets(self) }

    init?(sqlValue: SQLValue) {
        guard case .octets(let value) = sqlValue else { return nil }
        self = value
    }
}

/// A row of an answer.
protocol SQLRow {
    /// Nil for NULL, and where there is no such column.
    func value(_ column: String) -> SQLValue?
}

extension SQLRow {
    /// Nil for NULL and for a value of another kind.
    subscript<Value: SQLConvertible>(_ column: String) -> Value? { value(column).flatMap(Value.init(sqlValue:)) }

    /// The value of a column that has one in every row; throws `UnreadableRow` where it is missing.
    func required<Value: SQLConvertible>(_ column: String) throws -> Value {
        guard let value: Value = self[column] else { throw UnreadableRow(place: column) }
        return value
    }
}
