// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import PortalContract

/// A row that this version cannot read: the file was changed by other hands.
struct UnreadableRow: Error {
    let table: String
}

extension StoredSession {
    init(row: Row) throws {
        guard let state = SessionState(rawValue: row["state"]) else { throw UnreadableRow(table: "session") }
        self.init(
            id: row["id"], identity: row["identity"], sealedIdentity: row["sealedIdentity"], state: state,
            livesUntil: row["livesUntil"], number: row["number"], reference: row["reference"],
            certificate: row["certificate"], certificateEnd: row["certificateEnd"], sealedHolder: row["sealedHolder"])
    }
}

extension StoredCode {
    init(row: Row) throws {
        guard let purpose = Purpose(rawValue: row["purpose"]) else { throw UnreadableRow(table: "code") }
        var declared: DeclaredVersion?
        if let word: String = row["decision"], let version: String = row["statementVersion"] {
            guard let decision = Decision(rawValue: word) else { throw UnreadableRow(table: "code") }
            declared = DeclaredVersion(decision: decision, version: version)
        }
        self.init(
            digest: row["digest"], session: row["session"], purpose: purpose, sealedDigits: row["sealedDigits"],
            declared: declared, issuedAt: row["issuedAt"], expiresAt: row["expiresAt"], refusals: row["refusals"],
            lastProblem: row["lastProblem"], isEnded: row["isEnded"], usedBy: row["usedBy"], reference: row["reference"]
        )
    }
}

extension StoredRecord {
    init(row: Row) throws {
        let kind: RecordDraft.Kind
        if let word: String = row["decision"], let version: String = row["statementVersion"] {
            guard let decision = Decision(rawValue: word) else { throw UnreadableRow(table: "record") }
            kind = .consent(decision: decision, statementVersion: version)
        } else if let word: String = row["application"], let consent: String = row["consent"],
            let certificate: Data = row["certificate"]
        {
            guard let application = ApplicationKind(rawValue: word) else { throw UnreadableRow(table: "record") }
            kind = .application(kind: application, consent: consent, certificate: certificate)
        } else {
            throw UnreadableRow(table: "record")
        }
        self.init(
            sequence: row["sequence"],
            draft: RecordDraft(
                kind: kind, reference: row["reference"], identity: row["identity"], at: row["at"],
                sealed: row["sealed"]),
            previous: row["previous"], link: row["link"])
    }
}

extension Database {
    func session(_ id: Int64) throws -> StoredSession? {
        try row("SELECT * FROM session WHERE id = ?", [id]).map(StoredSession.init(row:))
    }

    func code(_ digest: Data) throws -> StoredCode? {
        try row("SELECT * FROM code WHERE digest = ?", [digest])
            .map(StoredCode.init(row:))
    }

    /// The code that was issued to a session last.
    func newestCode(of session: Int64) throws -> StoredCode? {
        try row(
            "SELECT * FROM code WHERE session = ? ORDER BY rowid DESC LIMIT 1", [session]
        ).map(StoredCode.init(row:))
    }

    func newestConsent(of identity: Data, before sequence: Int64 = .max) throws -> StoredRecord? {
        try row(
            """
            SELECT * FROM record WHERE identity = ? AND sequence < ? AND decision IS NOT NULL
            ORDER BY sequence DESC LIMIT 1
            """,
            [identity, sequence]
        ).map(StoredRecord.init(row:))
    }

    func chainHead() throws -> ChainHead {
        guard let row = try row("SELECT sequence, link FROM chain WHERE only = 1") else { return .empty }
        return ChainHead(sequence: row["sequence"], link: row["link"])
    }
}
