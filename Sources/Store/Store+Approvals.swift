// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Store {
    /// How long a repeated call with the same handle-token finds the approval of the first one, from that one's end.
    public static let handleTokenLife: Int64 = 86_400

    /// The number for the next approval: one more than the highest ever given.
    public func nextApprovalNumber() throws(StoreError) -> Int64 {
        try reading { (connection) throws(StoreError) in try ApprovalNumbers.next(on: connection) }
    }

    /// Reserves so many numbers for approvals. None of them is given out again, whether it is used or not.
    ///
    /// This write alone is not synced when it returns: it has to outlive this process, and after a power failure no caller is left
    /// that knows a number (docs/decisions/0025).
    public func reserveApprovalNumbers(_ count: Int64) throws(StoreError) -> Range<Int64> {
        try writing { (connection) throws(StoreError) in
            // A checkpoint at the end of this commit would change the database before its log is on the disk.
            try connection.script("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0")
            let numbers: Result<Range<Int64>, StoreError>
            do throws(StoreError) {
                numbers = .success(
                    try connection.transaction { () throws(StoreError) in
                        try ApprovalNumbers.reserve(count, on: connection)
                    })
            } catch {
                numbers = .failure(error)
            }
            try connection.script("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000")
            return try numbers.get()
        }
    }

    /// Remembers a new approval.
    /// - Throws: `.unexpected` where its number is taken, or its handle-token by one that is unfinished or ended within a day;
    ///   `.moved` where the file is not at its path any more.
    public func insert(_ approval: StoredApproval) throws(StoreError) {
        try transaction(.once) { (connection) throws(StoreError) in
            if let token = approval.handleToken {
                try connection.run(
                    """
                    UPDATE approval SET handle_token = NULL
                    WHERE handle_token = ? AND end_order IS NOT NULL AND abs(? - ended_at) >= ?
                    """, .text(token), .integer(approval.startedAt), .integer(Self.handleTokenLife))
            }
            try connection.run(
                """
                INSERT INTO approval (number, kind, handle_token, fingerprint, certificate, identity_key, portal,
                    started_at, decision, state, step, steps, deadline, code)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .integer(approval.number), .text(approval.kind.rawValue),
                approval.handleToken.map(SQLiteValue.text) ?? .null, .blob(approval.fingerprint),
                .text(approval.certificate), .blob(approval.identityKey), .text(approval.portal),
                .integer(approval.startedAt), .text(approval.decision), .text(approval.state),
                .integer(Int64(approval.step)), .integer(Int64(approval.steps)), .integer(approval.deadline),
                .text(approval.code))
        }
    }

    /// Writes decision, state, step, steps and deadline of an approval that has not ended.
    /// - Returns: whether there was one.
    @discardableResult
    public func update(_ approval: StoredApproval) throws(StoreError) -> Bool {
        try run(
            """
            UPDATE approval SET decision = ?2, state = ?3, step = ?4, steps = ?5, deadline = ?6
            WHERE number = ?1 AND end_order IS NULL
            """, .integer(approval.number), .text(approval.decision), .text(approval.state),
            .integer(Int64(approval.step)), .integer(Int64(approval.steps)), .integer(approval.deadline)) == 1
    }

    /// Remembers a signature, after those that were made before it, before it is handed over for submission: from here
    /// on the approval counts as submitted, because nothing could show the contrary after a crash. The same step again is the
    /// same signature: it changes nothing.
    ///
    /// When this returns, what was written lies synced in the file at the record's path.
    /// - Throws: `.unexpected` where there is no such approval, `.moved` where the file is not at its path any more.
    public func submit(
        _ signature: StoredSignature, after earlier: [StoredSignature] = [], of approval: Int64
    ) throws(StoreError) {
        try transaction(.once) { connection throws(StoreError) in
            try Self.keep(earlier + [signature], of: approval, connection)
            try connection.run("UPDATE approval SET submitted = 1 WHERE number = ?", .integer(approval))
        }
    }

    private static func keep(
        _ signatures: [StoredSignature], of approval: Int64, _ connection: SQLiteConnection
    ) throws(StoreError) {
        for signature in signatures {
            try connection.run(
                """
                INSERT INTO signature (approval, step, code, cms, signed_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (approval, step) DO NOTHING
                """, .integer(approval), .text(signature.step), .text(signature.code), .blob(signature.cms),
                .integer(signature.signedAt))
        }
    }

    /// The signatures of an approval in the order in which they were made.
    public func signatures(of approval: Int64) throws(StoreError) -> [StoredSignature] {
        try rows(
            "SELECT step, code, cms, signed_at FROM signature WHERE approval = ? ORDER BY rowid", .integer(approval)
        ) { row in
            StoredSignature(step: row.text(), code: row.text(), cms: row.bytes(), signedAt: row.integer())
        }
    }

    /// Ends an approval, with the signatures that it made. An end stands for ever, but for "unknown", which may become known later; it keeps its place in
    /// the order of decisions then.
    /// - Returns: whether this end counts.
    @discardableResult
    public func finish(
        _ approval: Int64, _ end: StoredApproval.End, signatures: [StoredSignature] = []
    ) throws(StoreError) -> Bool {
        try transaction { connection throws(StoreError) in
            try Self.keep(signatures, of: approval, connection)
            return try Self.finish(approval, end, connection)
        }
    }

    private static func finish(
        _ approval: Int64, _ end: StoredApproval.End, _ connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        try connection.run(
            """
            UPDATE approval SET ended_at = ?2, result = ?3, error = ?4, message = ?5, reference = ?6,
                confirmation_number = ?7, error_detail = ?8,
                end_order = coalesce(end_order, (SELECT coalesce(max(end_order), 0) + 1 FROM approval)),
                state = CASE ?3 WHEN 'recorded' THEN 'done' WHEN 'signed' THEN 'done' WHEN 'cancelled' THEN 'cancelled'
                    ELSE 'failed' END
            WHERE number = ?1 AND (end_order IS NULL OR result = 'unknown')
            """, .integer(approval), .integer(end.at), .text(end.result), .text(end.error), .text(end.message),
            .text(end.reference), .text(end.confirmationNumber), .text(end.errorDetail)) == 1
    }

    /// Approvals that a service before this one left without an end, oldest first.
    public func unfinishedApprovals() throws(StoreError) -> [StoredApproval] {
        try rows(
            "SELECT * FROM approval WHERE end_order IS NULL ORDER BY number", read: Self.approval)
    }

    /// The newest approvals that ended at or after `since`, newest first.
    public func endedApprovals(since: Int64, limit: Int) throws(StoreError) -> [StoredApproval] {
        try rows(
            "SELECT * FROM approval WHERE end_order IS NOT NULL AND ended_at >= ? ORDER BY end_order DESC LIMIT ?",
            .integer(since), .integer(Int64(limit)), read: Self.approval)
    }

    func approvals(after number: Int64, _ limit: Int) throws(StoreError) -> [StoredApproval] {
        try rows(
            "SELECT * FROM approval WHERE number > ? ORDER BY number LIMIT ?", .integer(number), .integer(Int64(limit)),
            read: Self.approval)
    }

    /// The newest handle-tokens whose approval is unfinished or ended at or after `since`, with its number.
    public func handleTokens(since: Int64 = .min, limit: Int = .max) throws(StoreError) -> [String: Int64] {
        let rows = try rows(
            """
            SELECT handle_token, number FROM approval
            WHERE handle_token IS NOT NULL AND (end_order IS NULL OR ended_at >= ?) ORDER BY number DESC LIMIT ?
            """, .integer(since), .integer(Int64(limit))
        ) { row in (row.text(), row.integer()) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Reads a row of `SELECT *`: the columns stand in the order of the table, to which later versions only append.
    private static func approval(_ row: inout SQLiteRow) -> StoredApproval {
        var approval = StoredApproval(
            number: row.integer(), kind: StoredApproval.Kind(rawValue: row.text()) ?? .approve,
            handleToken: row.textIfAny(), fingerprint: row.bytes(), certificate: row.text(), identityKey: row.bytes(),
            portal: row.text(), startedAt: row.integer(), decision: row.text(), state: row.text(),
            step: Int(row.integer()), steps: Int(row.integer()), deadline: row.integer(), isSubmitted: row.flag())
        let hasEnded = row.integer() != 0
        let end = StoredApproval.End(
            at: row.integer(), result: row.text(), error: row.text(), message: row.text(), reference: row.text(),
            confirmationNumber: row.text())
        if hasEnded { approval.end = end }
        approval.code = row.text()
        let errorDetail = row.text()
        approval.end?.errorDetail = errorDetail
        return approval
    }
}

/// The numbers of approvals, of which none is ever given twice.
///
/// A number is part of an object's path, and callers know it before it is on the disk. So numbers are reserved in advance, and one
/// that never reached the disk is left out for good.
enum ApprovalNumbers {
    /// So many are left out where it is not known which were given.
    private static let gap: Int64 = 1000
    /// A stored number beyond that is damaged.
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

extension Store {
    /// The most entries that `history` gives at once.
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

/// Rows that callers can add have a limit: an approval that recorded nothing is dropped. One that recorded something, or may have, stays.
extension Store {
    /// How long an ended approval stays by which nothing was recorded: 30 days.
    public static let unrecordedLife: Int64 = 30 * 86_400
    /// How many of them stay at most, the newest.
    public static let maximumUnrecorded: Int64 = 10_000
    /// So many go in one transaction: another write waits for no more than that.
    private static let portion: Int64 = 500

    /// Drops a portion of the approvals whose time is over at `now`, and the handle-tokens that no repeat can matter for.
    ///
    /// - Parameter refusal: the bus name of the error that says of a renewal that it was applied for before: the newest one of
    ///   each certificate stays, because `filedRenewals` looks for it.
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
