// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Store {
    /// The most that `history` tells at once.
    public static let maximumHistory = 1000

    /// The newest decisions that came to an end, newest first. `limit` 0, and any above 1000, is 1000.
    public func history(limit: Int) throws(StoreError) -> [HistoryEntry] {
        let limit = (1...Self.maximumHistory).contains(limit) ? limit : Self.maximumHistory
        return try rows(
            """
            SELECT ended_at, certificate, identity_key, decision, result, portal, reference FROM approval
            WHERE end_order IS NOT NULL AND decision <> '' ORDER BY end_order DESC LIMIT ?
            """, .integer(Int64(limit)), read: Self.entry)
    }

    /// The newest recorded decision of each person.
    public func newestDecisions() throws(StoreError) -> [HistoryEntry] {
        // With max(), SQLite takes the other columns from the row that has the maximum.
        try rows(
            """
            SELECT ended_at, certificate, identity_key, decision, result, portal, reference, max(end_order) FROM approval
            WHERE result = 'recorded' AND decision <> '' AND identity_key <> x'' GROUP BY identity_key
            """, read: Self.entry)
    }

    /// The certificates whose renewal has been applied for: by an approval of ours, or before, as the portal said by that
    /// error's bus name.
    public func filedRenewals(orRefusedAs error: String) throws(StoreError) -> Set<String> {
        Set(
            try rows(
                "SELECT DISTINCT certificate FROM approval WHERE kind = ? AND (result = 'recorded' OR error = ?)",
                .text(StoredApproval.Kind.renew.rawValue), .text(error)
            ) { $0.text() })
    }

    private static func entry(_ row: inout SQLiteRow) -> HistoryEntry {
        HistoryEntry(
            at: row.integer(), certificate: row.text(), identityKey: row.bytes(), decision: row.text(),
            result: row.text(), portal: row.text(), reference: row.text())
    }
}
