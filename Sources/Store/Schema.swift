// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The tables, and the way from each older form of them to this one. A step that was released is never changed.
enum Schema {
    /// "EONY" in the header's application id, which distinguishes our file from any other SQLite database.
    static let applicationID: Int64 = 0x454F_4E59

    /// The step at index n leads from version n to n + 1, and ends by saying so.
    static let steps: [StaticString] = [
        """
        CREATE TABLE setting (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE certificate (
            id TEXT PRIMARY KEY,
            holder TEXT NOT NULL,
            masked_identity TEXT NOT NULL,
            identity_key BLOB NOT NULL,
            issuer TEXT NOT NULL,
            serial_number TEXT NOT NULL,
            not_before INTEGER NOT NULL,
            not_after INTEGER NOT NULL,
            key_type TEXT NOT NULL,
            qualified INTEGER NOT NULL,
            hindrances TEXT NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            snoozed_until INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE reminder (
            certificate TEXT NOT NULL REFERENCES certificate ON DELETE CASCADE,
            rung INTEGER NOT NULL,
            shown_at INTEGER NOT NULL,
            PRIMARY KEY (certificate, rung)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE approval (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            handle_token TEXT UNIQUE,
            fingerprint BLOB NOT NULL,
            certificate TEXT NOT NULL,
            identity_key BLOB NOT NULL,
            portal TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            decision TEXT NOT NULL,
            state TEXT NOT NULL,
            step INTEGER NOT NULL,
            steps INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            submitted INTEGER NOT NULL DEFAULT 0,
            end_order INTEGER,
            ended_at INTEGER NOT NULL DEFAULT 0,
            result TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '',
            message TEXT NOT NULL DEFAULT '',
            reference TEXT NOT NULL DEFAULT '',
            confirmation_number TEXT NOT NULL DEFAULT '',
            code TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE UNIQUE INDEX approval_by_end ON approval (end_order);

        CREATE TABLE signature (
            approval INTEGER NOT NULL REFERENCES approval,
            step TEXT NOT NULL,
            code TEXT NOT NULL,
            cms BLOB NOT NULL,
            signed_at INTEGER NOT NULL,
            UNIQUE (approval, step)
        ) STRICT;

        PRAGMA application_id = 0x454F4E59;
        PRAGMA user_version = 1;
        """,
        """
        CREATE TABLE pin (
            certificate TEXT PRIMARY KEY,
            state TEXT NOT NULL CHECK (state IN ('count-low', 'final-try', 'locked')),
            seen_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 2;
        """,
        """
        ALTER TABLE approval ADD COLUMN error_detail TEXT NOT NULL DEFAULT '';

        PRAGMA user_version = 3;
        """,
        // Of certificates whose card was not read since, no more is known than whether they are qualified.
        """
        ALTER TABLE certificate ADD COLUMN kind TEXT NOT NULL DEFAULT 'other';
        ALTER TABLE certificate ADD COLUMN issuer_key TEXT NOT NULL DEFAULT '';
        UPDATE certificate SET kind = 'nes' WHERE qualified;

        PRAGMA user_version = 4;
        """,
        """
        CREATE TABLE revocation (
            certificate TEXT PRIMARY KEY REFERENCES certificate ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('good', 'suspended', 'revoked', 'unknown')),
            since INTEGER NOT NULL,
            reason TEXT NOT NULL,
            this_update INTEGER NOT NULL,
            asked_at INTEGER NOT NULL,
            was_good INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        PRAGMA user_version = 5;
        """,
    ]

    /// Versions count up one by one: a larger number was never written by anybody.
    private static let absurdVersion = 10_000

    /// Looks whose database it is; writes nothing.
    /// - Throws: `.foreign` where it is not ours, `.newer` where a later version of E-Onay wrote it.
    static func recognise(_ connection: SQLiteConnection) throws(StoreError) {
        let application = try connection.rows("PRAGMA application_id") { $0.integer() }.first
        let isEmpty = try connection.rows("SELECT 1 FROM sqlite_schema LIMIT 1") { _ in }.isEmpty
        guard application == applicationID || isEmpty else {
            // The mark is gone, but the tables are ours: no other program names its tables and all their columns so.
            if try hasTables(connection) {
                throw StoreError(.corrupt, call: "application_id", detail: "the mark of the file is damaged")
            }
            throw StoreError(.foreign, call: "application_id", detail: "a database of another program")
        }
        let version = try version(of: connection)
        guard (0..<absurdVersion).contains(version) else {
            throw StoreError(.corrupt, call: "user_version", detail: "version \(version) of the tables")
        }
        guard (0...steps.count).contains(version) else {
            let detail = "version \(version) of the tables; this program knows \(steps.count)"
            throw StoreError(.newer, call: "user_version", detail: detail)
        }
    }

    /// Brings a database to the newest form, in one transaction.
    static func migrate(_ connection: SQLiteConnection) throws(StoreError) {
        // Where there is nothing to write, another program's lock does not matter.
        guard try version(of: connection) < steps.count else { return }
        try connection.transaction { () throws(StoreError) in
            // Asked inside the transaction, since another process may just have done it.
            let version = try version(of: connection)
            for (index, step) in steps.enumerated() where index >= version { try connection.script(step) }
        }
    }

    /// Looks for damage in everything but the table of the signatures, which is large, and read only to submit one again.
    /// - Throws: `.corrupt`.
    static func verify(_ connection: SQLiteConnection) throws(StoreError) {
        guard try hasTables(connection, ofVersion: steps.count) else {
            throw StoreError(.corrupt, call: "sqlite_schema", detail: "tables or columns are missing")
        }
        // An index that lost an entry hides its row. An approval that was cut short is found by such an index.
        for check: StaticString in [
            "PRAGMA integrity_check(setting)", "PRAGMA integrity_check(certificate)",
            "PRAGMA integrity_check(reminder)", "PRAGMA integrity_check(approval)", "PRAGMA integrity_check(pin)",
            "PRAGMA integrity_check(revocation)",
        ] where try connection.rows(check, read: { $0.text() }) != ["ok"] {
            throw StoreError(.corrupt, call: "integrity_check", detail: "damaged pages")
        }
    }

    /// Whether all tables and columns are there that a version has.
    ///
    /// A wrong byte in the text of a CREATE TABLE can be another valid name. A database that is made for this shows ours.
    static func hasTables(_ connection: SQLiteConnection, ofVersion version: Int = 1) throws(StoreError) -> Bool {
        let ideal = try SQLiteConnection(path: ":memory:")
        for step in steps[..<version] { try ideal.script(step) }
        return try Set(columns(of: connection)).isSuperset(of: columns(of: ideal))
    }

    private static func version(of connection: SQLiteConnection) throws(StoreError) -> Int {
        Int(try connection.rows("PRAGMA user_version") { $0.integer() }.first ?? 0)
    }

    private static func columns(of connection: SQLiteConnection) throws(StoreError) -> [String] {
        try connection.rows(
            """
            SELECT format('%s.%s', item.name, part.name)
            FROM sqlite_schema AS item, pragma_table_info(item.name) AS part WHERE item.type = 'table'
            """
        ) { $0.text() }
    }
}
