// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, version by version. A migration that was ever released is never changed: what changes is added below it.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: version1)
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: version2)
        }
        return migrator
    }

    private static let version2 = """
        -- The page that shows a code tells why the last signature under it was refused: a problem's name.
        ALTER TABLE code ADD COLUMN lastProblem TEXT;

        -- Lists that records name by their SHA-256: one serves thousands of records.
        CREATE TABLE revocationList (
            digest BLOB PRIMARY KEY NOT NULL,
            der BLOB NOT NULL
        ) STRICT;

        -- A record is put at the end, and nowhere else.
        CREATE TRIGGER recordIsTheNext BEFORE INSERT ON record
            WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM record)
            BEGIN SELECT RAISE (ABORT, 'records are added at the end'); END;
        """

    /// `token`, `identity`, `code`, `certificate`, `bucket` and `number` hold HMACs; what is called sealed is AES-GCM.
    private static let version1 = """
        CREATE TABLE key (fingerprint BLOB NOT NULL) STRICT;

        CREATE TABLE statement (
            version TEXT PRIMARY KEY NOT NULL,
            accept TEXT NOT NULL,
            decline TEXT NOT NULL
        ) STRICT;

        CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            token BLOB NOT NULL UNIQUE,
            identity BLOB NOT NULL,
            sealedIdentity BLOB NOT NULL,
            state TEXT NOT NULL,
            wrongNumbers INTEGER NOT NULL DEFAULT 0,
            livesUntil INTEGER NOT NULL,
            number BLOB,
            reference TEXT,
            certificate BLOB,
            certificateEnd INTEGER,
            sealedHolder BLOB
        ) STRICT;
        CREATE INDEX sessionByEnd ON session (livesUntil);

        CREATE TABLE code (
            digest BLOB PRIMARY KEY NOT NULL,
            session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            purpose TEXT NOT NULL,
            sealedDigits BLOB NOT NULL,
            decision TEXT,
            statementVersion TEXT REFERENCES statement (version),
            issuedAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL,
            refusals INTEGER NOT NULL DEFAULT 0,
            isEnded INTEGER NOT NULL DEFAULT 0,
            usedBy BLOB,
            reference TEXT
        ) STRICT;
        CREATE INDEX codeBySession ON code (session);

        CREATE TABLE record (
            sequence INTEGER PRIMARY KEY NOT NULL,
            reference TEXT NOT NULL UNIQUE,
            identity BLOB NOT NULL,
            at INTEGER NOT NULL,
            decision TEXT,
            statementVersion TEXT,
            application TEXT,
            consent TEXT REFERENCES record (reference),
            certificate BLOB,
            sealed BLOB NOT NULL,
            previous BLOB NOT NULL,
            link BLOB NOT NULL,
            CHECK ((decision IS NULL) = (statementVersion IS NULL)),
            CHECK ((decision IS NULL) = (application IS NOT NULL)),
            CHECK ((application IS NULL) = (consent IS NULL)),
            CHECK ((application IS NULL) = (certificate IS NULL))
        ) STRICT;
        CREATE INDEX recordByIdentity ON record (identity, sequence);
        CREATE UNIQUE INDEX applicationOnce ON record (identity, application, certificate)
            WHERE application IS NOT NULL;

        -- A record is for good.
        CREATE TRIGGER recordIsNotChanged BEFORE UPDATE ON record
            BEGIN SELECT RAISE (ABORT, 'records are not changed'); END;
        CREATE TRIGGER recordIsNotRemoved BEFORE DELETE ON record
            BEGIN SELECT RAISE (ABORT, 'records are not removed'); END;

        -- Where the chain ends: a last record that is gone would leave no gap.
        CREATE TABLE chain (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            sequence INTEGER NOT NULL,
            link BLOB NOT NULL
        ) STRICT;

        CREATE TABLE allowance (
            bucket BLOB PRIMARY KEY NOT NULL,
            windowEnd INTEGER NOT NULL,
            spent INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX allowanceByEnd ON allowance (windowEnd);
        """
}
