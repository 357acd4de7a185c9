// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import PortalContract

extension SQLitePortalStore {
    func begin(_ session: NewSession, with code: StoredCode, within allowances: [Allowance], at now: Int64) async throws
        -> IssueOutcome
    {
        try await write(.unsynced) { database in
            if let wait = try database.spend(allowances, at: now) { return .limited(retryAfter: wait) }
            guard try database.code(code.digest) == nil else { return .clash }
            try database.run(
                """
                INSERT INTO session (token, identity, sealedIdentity, state, livesUntil) VALUES (?, ?, ?, ?, ?)
                """,
                [
                    session.token, session.identity, session.sealedIdentity, SessionState.login.rawValue,
                    code.sessionLivesUntil,
                ])
            let id = database.lastInsertedRowID
            try database.insert(code, for: id)
            return .issued(session: id)
        }
    }

    func issue(
        _ code: StoredCode, to session: Int64, state: SessionState, within allowances: [Allowance], at now: Int64
    ) async throws -> IssueOutcome {
        try await write(.unsynced) { database in
            guard let stored = try database.session(session), stored.livesUntil > now else { return .refused }
            // A login code goes to a session that is not yet signed in, a consent code to one that is.
            let fits = code.purpose == .login ? stored.state == .login : stored.state.isLoggedIn
            guard fits else { return .refused }
            if let wait = try database.spend(allowances, at: now) { return .limited(retryAfter: wait) }
            guard try database.code(code.digest) == nil else { return .clash }
            try database.run("UPDATE code SET isEnded = 1 WHERE session = ? AND usedBy IS NULL", [session])
            try database.insert(code, for: session)
            try database.run(
                "UPDATE session SET state = ?, livesUntil = ? WHERE id = ?",
                [state.rawValue, code.sessionLivesUntil, session])
            return .issued(session: session)
        }
    }

    func code(_ digest: Data) async throws -> (code: StoredCode, session: StoredSession)? {
        try await database.read { database in
            guard let code = try database.code(digest), let session = try database.session(code.session) else {
                return nil
            }
            return (code, session)
        }
    }

    func session(token: Data) async throws -> (session: StoredSession, code: StoredCode?)? {
        try await database.read { database in
            guard let row = try database.row("SELECT * FROM session WHERE token = ?", [token])
            else { return nil }
            let session = try StoredSession(row: row)
            return (session, try database.newestCode(of: session.id))
        }
    }

    func session(id: Int64) async throws -> (session: StoredSession, code: StoredCode?)? {
        try await database.read { database in
            guard let session = try database.session(id) else { return nil }
            return (session, try database.newestCode(of: id))
        }
    }

    func refuse(_ code: Data, because problem: String, counts: Bool) async throws {
        try await write(.unsynced) { database in
            let more = counts ? 1 : 0
            try database.run(
                """
                UPDATE code SET refusals = refusals + ?, isEnded = isEnded OR refusals + ? >= ?, lastProblem = ?
                WHERE digest = ? AND usedBy IS NULL
                """,
                [more, more, PortalLimits.tries, problem, code])
        }
    }

    func use(loginCode: Data, by signature: Data, signer: LoginSigner, at now: Int64) async throws -> UseOutcome {
        try await write(.unsynced) { database in
            guard let code = try database.openCode(loginCode, for: .login, at: now) else { return .taken }
            try database.run("UPDATE code SET usedBy = ? WHERE digest = ?", [signature, loginCode])
            try database.run(
                """
                UPDATE session SET state = ?, number = ?, certificate = ?, certificateEnd = ?, sealedHolder = ?
                WHERE id = ?
                """,
                [
                    SessionState.confirm.rawValue, signer.number, signer.certificate, signer.certificateEnd,
                    signer.sealedHolder, code.session,
                ])
            return .used(nil)
        }
    }

    func use(
        consentCode: Data, by signature: Data, record: RecordDraft, lists: [KnownList], at now: Int64
    ) async throws -> UseOutcome {
        try await write(.synced) { database in
            guard let code = try database.openCode(consentCode, for: .consent, at: now) else { return .taken }
            try database.keep(lists: lists)
            let head = try database.append(record, link: link)
            try database.run(
                "UPDATE code SET usedBy = ?, reference = ? WHERE digest = ?",
                [signature, record.reference, consentCode])
            try database.run(
                "UPDATE session SET state = ?, reference = ? WHERE id = ?",
                [SessionState.recorded.rawValue, record.reference, code.session])
            return .used(head)
        }
    }

    func confirm(session: Int64, matches: Bool, newToken: Data?) async throws -> SessionState {
        try await write(.unsynced) { database in
            guard let stored = try database.session(session) else { return .ended }
            guard stored.state == .confirm else { return stored.state }
            if matches {
                try database.run(
                    "UPDATE session SET state = ? WHERE id = ?", [SessionState.loggedIn.rawValue, session])
                if let newToken {
                    try database.run(
                        "UPDATE session SET formerToken = token, token = ? WHERE id = ?", [newToken, session])
                }
                return .loggedIn
            }
            try database.run(
                """
                UPDATE session SET wrongNumbers = wrongNumbers + 1,
                    state = iif(wrongNumbers + 1 >= ?, ?, state) WHERE id = ?
                """,
                [PortalLimits.tries, SessionState.ended.rawValue, session])
            return try database.session(session)?.state ?? .ended
        }
    }

    func isRenewed(_ former: Data, as token: Data, within allowances: [Allowance], at now: Int64) async throws
        -> RenewalOutcome
    {
        // Read first: an unknown token costs no write.
        let found = try await database.read { database in
            (
                try database.row("SELECT token FROM session WHERE formerToken = ? AND livesUntil > ?", [former, now])
                    .map { $0["token"] as Data },
                try database.wait(for: allowances, at: now)
            )
        }
        if let wait = found.1 { return .limited(retryAfter: wait) }
        guard let current = found.0 else { return .unknown }
        if let wait = try await write(.unsynced, { try $0.spend(allowances, at: now) }) {
            return .limited(retryAfter: wait)
        }
        return equalInConstantTime(current, token) ? .renewed : .other
    }

    func end(session: Int64) async throws {
        try await write(.unsynced) { database in
            // A session that has ended needs no write.
            guard try database.session(session)?.state != .ended else { return }
            try database.run("UPDATE session SET state = ? WHERE id = ?", [SessionState.ended.rawValue, session])
            try database.run("UPDATE code SET isEnded = 1 WHERE session = ? AND usedBy IS NULL", [session])
        }
    }
}

extension Database {
    fileprivate func insert(_ code: StoredCode, for session: Int64) throws {
        try run(
            """
            INSERT INTO code
                (digest, session, purpose, sealedDigits, decision, statementVersion, issuedAt, expiresAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                code.digest, session, code.purpose.rawValue, code.sealedDigits, code.declared?.decision.rawValue,
                code.declared?.version, code.issuedAt, code.expiresAt,
            ])
    }

    /// The code, if it can still be used and its session waits for such a code.
    fileprivate func openCode(_ digest: Data, for purpose: Purpose, at now: Int64) throws -> StoredCode? {
        guard let code = try code(digest), code.purpose == purpose, code.isOpen(at: now),
            let session = try session(code.session)
        else { return nil }
        return session.state == (purpose == .login ? .login : .consent) ? code : nil
    }
}
