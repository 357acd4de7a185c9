// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import PortalContract

/// A session as it is stored. It shows no number, name or token without the master key.
struct StoredSession: Sendable, Equatable {
    let id: Int64
    /// HMAC of the identity number.
    let identity: Data
    /// The identity number, sealed; the signed text contains it.
    let sealedIdentity: Data
    let state: SessionState
    /// When the session is over, UTC seconds.
    let livesUntil: Int64
    /// HMAC of the number that confirms it, once its login is signed.
    let number: Data?
    /// The decision that it recorded last.
    let reference: String?
    /// HMAC of the certificate that signed the login.
    let certificate: Data?
    /// Not-after of that certificate, UTC seconds.
    let certificateEnd: Int64?
    /// The holder's name from that certificate, sealed.
    let sealedHolder: Data?
}

struct NewSession: Sendable {
    let token: Data
    let identity: Data
    let sealedIdentity: Data
}

struct LoginSigner: Sendable {
    let number: Data
    let certificate: Data
    let certificateEnd: Int64
    let sealedHolder: Data
}

/// A code as it is stored: what it was issued for, and what has become of it since.
struct StoredCode: Sendable, Equatable {
    /// HMAC of the digits.
    let digest: Data
    /// Of a code that is about to be issued, the store sets it.
    var session: Int64 = 0
    let purpose: Purpose
    /// The digits, sealed; the session's page can show them again.
    let sealedDigits: Data
    let declared: DeclaredVersion?
    let issuedAt: Int64
    let expiresAt: Int64
    /// Signatures that were refused.
    var refusals = 0
    /// Why the last signature under it was refused (`PortalProblem.refusal`).
    var lastProblem: String?
    /// Ended before its time: by refusals, or by a later code of its session.
    var isEnded = false
    /// SHA-256 of the signature that used it.
    var usedBy: Data?
    /// The record of that signature.
    var reference: String?

    /// The decision of a consent code. The statement's version gives the words.
    struct DeclaredVersion: Sendable, Equatable {
        let decision: Decision
        let version: String
    }

    /// How long its session lives with it.
    var sessionLivesUntil: Int64 { expiresAt + PortalLimits.sessionLifetime }

    /// Whether a signature can still be posted under it.
    func isOpen(at now: Int64) -> Bool { usedBy == nil && !isEnded && now < expiresAt }
}

/// A record: a decision or an application. Records are added, never changed or removed, and each has a link to the one
/// before it.
struct StoredRecord: Sendable, Equatable {
    let sequence: Int64
    let draft: RecordDraft
    /// The link of the record before; 32 zero octets before the first.
    let previous: Data
    let link: Data
}

/// A record before it has its place in the chain.
struct RecordDraft: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case consent(decision: Decision, statementVersion: String)
        case application(kind: ApplicationKind, consent: String, certificate: Data)
    }

    let kind: Kind
    let reference: String
    /// HMAC of the identity number.
    let identity: Data
    /// When the signature or the application was received, UTC seconds.
    let at: Int64
    /// Its proof (`RecordContents`), sealed.
    let sealed: Data

    /// The octets that the link is computed from. Each field has its length before it, so no two records have the same.
    func linked(to previous: Data, sequence: Int64) -> Data {
        var bytes = Data()
        func add(_ field: Data) {
            withUnsafeBytes(of: UInt64(field.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(field)
        }
        add(previous)
        add(Data(String(sequence).utf8))
        add(Data(reference.utf8))
        add(identity)
        add(Data(String(at).utf8))
        switch kind {
        case .consent(let decision, let version):
            add(Data("consent".utf8))
            add(Data(decision.rawValue.utf8))
            add(Data(version.utf8))
        case .application(let kind, let consent, let certificate):
            add(Data("application".utf8))
            add(Data(kind.rawValue.utf8))
            add(Data(consent.utf8))
            add(certificate)
        }
        add(sealed)
        return bytes
    }
}

/// Where the chain ends.
struct ChainHead: Sendable, Equatable {
    let sequence: Int64
    let link: Data

    /// Before the first record.
    static let empty = ChainHead(sequence: 0, link: Data(repeating: 0, count: 32))
}

/// A row that this version cannot read: another program changed the file.
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
