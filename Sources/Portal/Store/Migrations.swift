// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables, version by version. A migration that was ever released is never changed: what changes is added below it.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, tables) in [version1, version2, version3].enumerated() {
            migrator.registerMigration("\(index + 1)") { try $0.execute(sql: tables) }
        }
        return migrator
    }

    private static let version3 = """
        -- How many sessions live and how many codes are open, by the second in which they will be over. What watches the
        -- portal adds up what is still to come: as many rows at most as a session has seconds, however many there are.
        CREATE TABLE tally (
            kind TEXT NOT NULL,
            until INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (kind, until)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO tally SELECT 'session', livesUntil, count(*) FROM session WHERE state <> 'ended' GROUP BY livesUntil;
        INSERT INTO tally SELECT 'code', expiresAt, count(*) FROM code WHERE usedBy IS NULL AND isEnded = 0
            GROUP BY expiresAt;

        -- A row that is removed has been over before: nobody adds it up any more.
        CREATE TRIGGER sessionBegins AFTER INSERT ON session WHEN NEW.state <> 'ended' BEGIN
            INSERT INTO tally VALUES ('session', NEW.livesUntil, 1)
                ON CONFLICT (kind, until) DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER sessionChanges AFTER UPDATE OF state, livesUntil ON session
            WHEN (OLD.livesUntil, OLD.state <> 'ended') <> (NEW.livesUntil, NEW.state <> 'ended') BEGIN
            UPDATE tally SET count = count - 1
                WHERE kind = 'session' AND until = OLD.livesUntil AND OLD.state <> 'ended';
            INSERT INTO tally SELECT 'session', NEW.livesUntil, 1 WHERE NEW.state <> 'ended'
                ON CONFLICT (kind, until) DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER codeBegins AFTER INSERT ON code WHEN NEW.usedBy IS NULL AND NEW.isEnded = 0 BEGIN
            INSERT INTO tally VALUES ('code', NEW.expiresAt, 1)
                ON CONFLICT (kind, until) DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER codeEnds AFTER UPDATE OF usedBy, isEnded ON code
            WHEN OLD.usedBy IS NULL AND OLD.isEnded = 0 AND (NEW.usedBy IS NOT NULL OR NEW.isEnded <> 0) BEGIN
            UPDATE tally SET count = count - 1 WHERE kind = 'code' AND until = OLD.expiresAt;
        END;

        -- The token that a browser's session went by before its sign-in: a form that is sent twice bears it.
        ALTER TABLE session ADD COLUMN formerToken BLOB;
        CREATE INDEX sessionByFormerToken ON session (formerToken) WHERE formerToken IS NOT NULL;

        -- What is written to find out whether anything can be.
        CREATE TABLE probe (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            at INTEGER NOT NULL,
            octets BLOB
        ) STRICT;
        """

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
