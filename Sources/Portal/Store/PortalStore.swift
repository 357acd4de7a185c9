// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract

// The portal's one stateful part. Each function is one transaction, and what must be true together is in one function:
// whoever puts another database behind this protocol has to keep exactly that (docs/scale.md).

/// What the portal remembers. Times are UTC seconds and come from the caller.
protocol PortalStore: Sendable {
    // MARK: Sessions and codes

    /// Makes a session with its login code, counting both against the allowances.
    func begin(_ session: NewSession, with code: NewCode, within allowances: [Allowance], at now: Int64) async throws
        -> IssueOutcome

    /// Issues a code to a session and ends the ones before it; moves the session to `state`.
    func issue(
        _ code: NewCode, to session: Int64, state: SessionState, within allowances: [Allowance], at now: Int64
    ) async throws -> IssueOutcome

    /// A code with the session that it belongs to.
    func code(_ digest: Data) async throws -> (code: StoredCode, session: StoredSession)?

    /// A session with the code that was issued to it last.
    func session(token: Data) async throws -> (session: StoredSession, code: StoredCode?)?

    /// The same by the session's own number.
    func session(id: Int64) async throws -> (session: StoredSession, code: StoredCode?)?

    /// Remembers why a signature was not taken. Where it counts as a refusal, the third ends the code.
    func refuse(_ code: Data, because problem: String, counts: Bool) async throws

    /// Uses a login code: the session then waits for its number.
    func use(loginCode: Data, by signature: Data, signer: LoginSigner, at now: Int64) async throws -> UseOutcome

    /// Uses a consent code and adds the record with the revocation lists that it names, all or nothing; on disk when it
    /// returns.
    func use(
        consentCode: Data, by signature: Data, record: RecordDraft, lists: [KnownList], at now: Int64
    ) async throws -> UseOutcome

    /// Judges a number that was typed: logs the session in, under a new token where one is given, or counts the try.
    func confirm(session: Int64, matches: Bool, newToken: Data?) async throws -> SessionState

    /// Whether the session that went by `former` before its sign-in goes by `token` now. Each question about a session
    /// that there is counts against the allowances; for any other, nothing is written.
    func isRenewed(_ former: Data, as token: Data, within allowances: [Allowance], at now: Int64) async throws
        -> RenewalOutcome

    /// Ends a session; its codes can no longer be used.
    func end(session: Int64) async throws

    // MARK: Records

    /// The newest decision of an identity among the records before a sequence number.
    func newestConsent(of identity: Data, before sequence: Int64) async throws -> StoredRecord?

    /// The record of a reference.
    func record(_ reference: String) async throws -> StoredRecord?

    /// Files an application if its consent is still the one that stands and none like it was filed; on disk when it
    /// returns.
    func file(_ application: RecordDraft) async throws -> FilingOutcome

    /// The applications of an identity, oldest first.
    func applications(of identity: Data) async throws -> [StoredRecord]

    /// A revocation list that records name, by the SHA-256 of its DER.
    func revocationList(_ digest: Data) async throws -> Data?

    /// Shows all records in their order; tells where the chain ended at that same moment, whatever is added meanwhile.
    func walk(_ visit: @escaping @Sendable (WalkedRecord) -> Void) async throws -> ChainHead

    /// Where the chain ends.
    func chainHead() async throws -> ChainHead

    // MARK: Statements, limits, housekeeping

    /// Keeps a statement for good; throws `StatementReused` where its version already stands for other words.
    func keep(_ statement: Statement) async throws

    func statement(version: String) async throws -> Statement?

    /// Seconds until all of the allowances are free again; nil while something is left of each.
    func wait(for allowances: [Allowance], at now: Int64) async throws -> Int64?

    /// Takes one from each of the allowances; seconds until they are free again where nothing was left of one.
    func spend(_ allowances: [Allowance], at now: Int64) async throws -> Int64?

    /// Removes sessions that are over, their codes, and counters of past windows. Records are not touched.
    func sweep(at now: Int64) async throws -> SweepOutcome

    /// What `stats` tells. It counts, which takes as long as there are records.
    func figures(at now: Int64) async throws -> StoreFigures

    /// What watches the portal is told. It costs the same however much is stored.
    func gauges(at now: Int64) async throws -> StoreGauges

    /// Reads and writes a little; throws where that fails, or where a write has failed moments ago.
    func probe(at now: Int64) async throws
}

extension PortalStore {
    /// The newest decision of an identity: the one that counts.
    func newestConsent(of identity: Data) async throws -> StoredRecord? {
        try await newestConsent(of: identity, before: .max)
    }
}

/// So many in so many seconds, counted under a name that tells nothing.
struct Allowance: Sendable, Equatable {
    let bucket: Data
    let count: Int
    let window: Int64
}

/// What became of an issue.
enum IssueOutcome: Sendable, Equatable {
    case issued(session: Int64)
    /// The digits are in use: draw others.
    case clash
    case limited(retryAfter: Int64)
    /// The session is not in a state to be given one any more.
    case refused
}

/// What became of a signature.
enum UseOutcome: Sendable, Equatable {
    /// With the record's place in the chain, for a consent.
    case used(ChainHead?)
    /// Somebody was quicker: judge the code as it now is.
    case taken
}

/// What became of an application.
enum FilingOutcome: Sendable, Equatable {
    case filed(ChainHead)
    case noConsent
    case alreadyFiled
}

/// What became of a form that was sent twice.
enum RenewalOutcome: Sendable, Equatable {
    /// No session that lives went by that token.
    case unknown
    case limited(retryAfter: Int64)
    /// The session goes by another token.
    case other
    case renewed
}

/// A record as a walk meets it.
enum WalkedRecord: Sendable, Equatable {
    case readable(StoredRecord)
    /// A row that this version cannot read: other hands wrote it.
    case unreadable(sequence: Int64, link: Data)
}

struct SweepOutcome: Sendable, Equatable {
    let sessions: Int
    /// Codes that nobody used.
    let lapsedCodes: Int
}

/// What `stats` tells.
struct StoreFigures: Sendable, Equatable {
    let sessions: Int
    let openCodes: Int
    let accepted: Int
    let declined: Int
    let identities: Int
    let applications: Int
    let head: ChainHead
}

/// What `/metrics` tells.
struct StoreGauges: Sendable, Equatable {
    /// That live.
    let sessions: Int
    /// That wait for a signature.
    let openCodes: Int
    let records: Int64
}

/// A statement's version that already stands for other words.
struct StatementReused: Error, Equatable {
    let version: String
}
