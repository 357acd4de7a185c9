// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The numbers of approvals, of which none is ever given twice.
///
/// A number is part of an object's path, and callers hear of it before the disk does. So numbers are taken in advance, and one
/// that never reached the disk is left out for good.
enum ApprovalNumbers {
    /// So many are left out where it is not known which were given.
    private static let gap: Int64 = 1000
    /// Beyond that, nobody counts: the stored number is damaged.
    private static let most: Int64 = 1 << 53

    static func next(on connection: SQLiteConnection) throws(StoreError) -> Int64 {
        let stored = try connection.rows("SELECT value FROM setting WHERE name = 'next-approval'") { row in
            row.bytes().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }.first
        let used = try connection.rows("SELECT coalesce(max(number), 0) + 1 FROM approval") { $0.integer() }.first
        return [stored, used].compactMap(\.self).filter { (1..<most).contains($0) }.max() ?? 1
    }

    static func reserve(_ count: Int64, on connection: SQLiteConnection) throws(StoreError) -> Range<Int64> {
        let first = try next(on: connection)
        try set(first + count, on: connection)
        return first..<first + count
    }

    /// Passes over the numbers that may have been given to approvals which are lost.
    static func skip(on connection: SQLiteConnection) throws(StoreError) {
        try set(next(on: connection) + gap, on: connection)
    }

    private static func set(_ next: Int64, on connection: SQLiteConnection) throws(StoreError) {
        let octets = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: next >> Int64($0)) }
        try connection.run(
            "INSERT INTO setting (name, value) VALUES ('next-approval', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
            .blob(octets))
    }
}
