// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
