// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Rows that callers can add have a limit: an approval that recorded nothing is dropped. One that recorded something, or may have, stays.
extension Store {
    /// How long an ended approval stays by which nothing was recorded: 30 days.
    public static let unrecordedLife: Int64 = 30 * 86_400
    /// How many of them stay at most, the newest.
    public static let maximumUnrecorded: Int64 = 10_000
    /// So many go in one transaction: whoever wants to write waits for no more than that.
    private static let portion: Int64 = 500

    /// Drops a portion of the approvals whose time is over at `now`, and the handle-tokens that no repeat can matter for.
    ///
    /// - Parameter refusal: the bus name of the error that says of a renewal that it was applied for before: the newest one of
    ///   each certificate stays, because `filedRenewals` tells from it.
    /// - Returns: whether there may be more.
    public func prune(at now: Int64, keepingRenewalsRefusedAs refusal: String) throws(StoreError) -> Bool {
        try transaction { connection throws(StoreError) in
            let oldest = try connection.rows(
                """
                SELECT end_order FROM approval WHERE end_order IS NOT NULL AND result NOT IN ('recorded', 'unknown')
                ORDER BY end_order DESC LIMIT 1 OFFSET ?
                """, .integer(Self.maximumUnrecorded)
            ) { $0.integer() }.first
            let numbers = try connection.rows(
                """
                SELECT number FROM approval
                WHERE end_order IS NOT NULL AND result NOT IN ('recorded', 'unknown') AND (ended_at <= ?1 OR end_order <= ?2)
                    AND number NOT IN
                        (SELECT max(number) FROM approval WHERE kind = 'renew' AND error = ?3 GROUP BY certificate)
                LIMIT ?4
                """, .integer(now - Self.unrecordedLife), .integer(oldest ?? 0), .text(refusal), .integer(Self.portion)
            ) { $0.integer() }
            for number in numbers {
                try connection.run("DELETE FROM signature WHERE approval = ?", .integer(number))
                try connection.run("DELETE FROM approval WHERE number = ?", .integer(number))
            }
            let tokens = try connection.run(
                """
                UPDATE approval SET handle_token = NULL WHERE number IN (
                    SELECT number FROM approval WHERE handle_token IS NOT NULL AND end_order IS NOT NULL
                        AND abs(?1 - ended_at) >= ?2 LIMIT ?3)
                """, .integer(now), .integer(Self.handleTokenLife), .integer(Self.portion))
            return Int64(numbers.count) == Self.portion || Int64(tokens) == Self.portion
        }
    }
}
