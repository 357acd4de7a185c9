// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import PortalContract

extension SQLitePortalStore {
    func newestConsent(of identity: Data, before sequence: Int64) async throws -> StoredRecord? {
        try await database.read { try $0.newestConsent(of: identity, before: sequence) }
    }

    func record(_ reference: String) async throws -> StoredRecord? {
        try await database.read { database in
            try database.row("SELECT * FROM record WHERE reference = ?", [reference])
                .map(StoredRecord.init(row:))
        }
    }

    func file(_ application: RecordDraft) async throws -> FilingOutcome {
        guard case .application(let kind, let consent, let certificate) = application.kind else { return .noConsent }
        return try await write(.synced) { database in
            guard let standing = try database.newestConsent(of: application.identity),
                standing.draft.reference == consent, case .consent(.accept, _) = standing.draft.kind
            else { return .noConsent }
            let isFiled = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM record WHERE identity = ? AND application = ? AND certificate = ?)",
                arguments: [application.identity, kind.rawValue, certificate])
            guard isFiled == false else { return .alreadyFiled }
            return .filed(try database.append(application, link: link))
        }
    }

    func applications(of identity: Data) async throws -> [StoredRecord] {
        try await database.read { database in
            try database.rows(
                "SELECT * FROM record WHERE identity = ? AND application IS NOT NULL ORDER BY sequence",
                [identity]
            ).map(StoredRecord.init(row:))
        }
    }

    func revocationList(_ digest: Data) async throws -> Data? {
        try await database.read { database in
            try Data.fetchOne(database, sql: "SELECT der FROM revocationList WHERE digest = ?", arguments: [digest])
        }
    }

    func walk(_ visit: @escaping @Sendable (WalkedRecord) -> Void) async throws -> ChainHead {
        // One read transaction is one snapshot in WAL mode, so the end of the chain fits the records.
        try await database.read { database in
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM record ORDER BY sequence")
            while let row = try rows.next() {
                do {
                    visit(.readable(try StoredRecord(row: row)))
                } catch is UnreadableRow {
                    visit(.unreadable(sequence: row["sequence"], link: row["link"]))
                }
            }
            return try database.chainHead()
        }
    }

    func chainHead() async throws -> ChainHead {
        try await database.read { try $0.chainHead() }
    }
}

extension Database {
    /// Stores each list once. It looks first, because a list has megabytes and all writers wait.
    func keep(lists: [KnownList]) throws {
        for list in lists
        where try row("SELECT 1 FROM revocationList WHERE digest = ?", [list.digest]) == nil {
            try run("INSERT INTO revocationList (digest, der) VALUES (?, ?)", [list.digest, Data(list.der)])
        }
    }

    /// Appends a record to the chain, and returns the new end.
    func append(_ draft: RecordDraft, link: (Data) -> Data) throws -> ChainHead {
        let head = try chainHead()
        let sequence = head.sequence + 1
        let newLink = link(draft.linked(to: head.link, sequence: sequence))
        // Decision and version of a consent; kind, consent and certificate of an application.
        let kind: StatementArguments =
            switch draft.kind {
            case .consent(let decision, let version): [decision.rawValue, version, nil, nil, nil]
            case .application(let kind, let consent, let certificate):
                [nil, nil, kind.rawValue, consent, certificate]
            }
        try run(
            """
            INSERT INTO record
                (sequence, reference, identity, at, decision, statementVersion, application, consent, certificate,
                sealed, previous, link)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [sequence, draft.reference, draft.identity, draft.at] + kind + [draft.sealed, head.link, newLink])
        try run(
            """
            INSERT INTO chain (only, sequence, link) VALUES (1, ?, ?)
            ON CONFLICT (only) DO UPDATE SET sequence = excluded.sequence, link = excluded.link
            """,
            [sequence, newLink])
        return ChainHead(sequence: sequence, link: newLink)
    }
}
