// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract

// The portal's one stateful part. Each function is one transaction, and changes that belong together are in one function.
// Another database behind this protocol must keep exactly that (docs/scale.md).

/// The portal's memory. Times are UTC seconds and come from the caller.
protocol PortalStore: Sendable {
    // MARK: Sessions and codes

    /// Creates a session with its login code, and counts both against the allowances.
    func begin(_ session: NewSession, with code: StoredCode, within allowances: [Allowance], at now: Int64) async throws
        -> IssueOutcome

    /// Issues a code to a session and ends the ones before it; moves the session to `state`.
    func issue(
        _ code: StoredCode, to session: Int64, state: SessionState, within allowances: [Allowance], at now: Int64
    ) async throws -> IssueOutcome

    /// A code with the session that it belongs to.
    func code(_ digest: Data) async throws -> (code: StoredCode, session: StoredSession)?

    /// A session with the code that was issued to it last.
    func session(token: Data) async throws -> (session: StoredSession, code: StoredCode?)?

    /// The same by the session's own number.
    func session(id: Int64) async throws -> (session: StoredSession, code: StoredCode?)?

    /// Stores why a signature was refused. The third refusal that counts ends the code.
    func refuse(_ code: Data, because problem: String, counts: Bool) async throws

    /// Uses a login code: the session then waits for its number.
    func use(loginCode: Data, by signature: Data, signer: LoginSigner, at now: Int64) async throws -> UseOutcome

    /// Uses a consent code and adds the record with its revocation lists, all or nothing. On disk when it returns.
    func use(
        consentCode: Data, by signature: Data, record: RecordDraft, lists: [KnownList], at now: Int64
    ) async throws -> UseOutcome

    /// Logs the session in if the number matches, under a new token if one is given; else counts the try.
    func confirm(session: Int64, matches: Bool, newToken: Data?) async throws -> SessionState

    /// Whether the session that had the token `former` before its sign-in has `token` now. A question about an existing
    /// session counts against the allowances; any other writes nothing.
    func isRenewed(_ former: Data, as token: Data, within allowances: [Allowance], at now: Int64) async throws
        -> RenewalOutcome

    /// Ends a session; its codes can no longer be used.
    func end(session: Int64) async throws

    // MARK: Records

    /// The newest decision of an identity among the records before a sequence number.
    func newestConsent(of identity: Data, before sequence: Int64) async throws -> StoredRecord?

    func record(_ reference: String) async throws -> StoredRecord?

    /// Files an application if its consent still stands and none like it was filed. On disk when it returns.
    func file(_ application: RecordDraft) async throws -> FilingOutcome

    /// The applications of an identity, oldest first.
    func applications(of identity: Data) async throws -> [StoredRecord]

    /// A revocation list that records name, by the SHA-256 of its DER.
    func revocationList(_ digest: Data) async throws -> Data?

    /// Visits all records in their order, and returns the end of the chain at that same moment.
    func walk(_ visit: @escaping @Sendable (WalkedRecord) -> Void) async throws -> ChainHead

    func chainHead() async throws -> ChainHead

    // MARK: Statements, limits, housekeeping

    /// Stores a statement for good; throws `StatementReused` if its version already stands for other words.
    func keep(_ statement: PortalStatement) async throws

    func statement(version: String) async throws -> PortalStatement?

    /// Seconds until all of the allowances are free again; nil while something is left of each.
    func wait(for allowances: [Allowance], at now: Int64) async throws -> Int64?

    /// Counts against each of the allowances; if one is used up, counts nothing and returns the seconds until it is free.
    func spend(_ allowances: [Allowance], at now: Int64) async throws -> Int64?

    /// Removes sessions that are over, their codes, and counters of past windows. Records are not touched.
    func sweep(at now: Int64) async throws -> SweepOutcome

    /// The figures of `stats`. It counts rows, so its time grows with the records.
    func figures(at now: Int64) async throws -> StoreFigures

    /// The figures of `/metrics`. Its time does not depend on how much is stored.
    func gauges(at now: Int64) async throws -> StoreGauges

    /// Reads and writes a little; throws if that fails, or if a write has failed moments ago.
    func probe(at now: Int64) async throws
}

extension PortalStore {
    /// The newest decision of an identity: the one that counts.
    func newestConsent(of identity: Data) async throws -> StoredRecord? {
        try await newestConsent(of: identity, before: .max)
    }
}

/// How often something may happen in a window of seconds, counted under a name that shows nothing.
struct Allowance: Sendable, Equatable {
    let bucket: Data
    let count: Int
    let window: Int64
}

enum IssueOutcome: Sendable, Equatable {
    case issued(session: Int64)
    /// The digits are in use: draw others.
    case clash
    case limited(retryAfter: Int64)
    /// The session's state does not allow a code any more.
    case refused
}

/// The result of using a code.
enum UseOutcome: Sendable, Equatable {
    /// With the record's place in the chain, for a consent.
    case used(ChainHead?)
    /// Another signature was quicker: judge the code as it is now.
    case taken
}

enum FilingOutcome: Sendable, Equatable {
    case filed(ChainHead)
    case noConsent
    case alreadyFiled
}

/// The answer about a form that was sent twice.
enum RenewalOutcome: Sendable, Equatable {
    /// No living session had that token.
    case unknown
    case limited(retryAfter: Int64)
    /// The session has another token.
    case other
    case renewed
}

/// A record in a walk along the chain.
enum WalkedRecord: Sendable, Equatable {
    case readable(StoredRecord)
    /// A row that this version cannot read: another program wrote it.
    case unreadable(sequence: Int64, link: Data)
}

struct SweepOutcome: Sendable, Equatable {
    let sessions: Int
    /// Codes that nobody used.
    let lapsedCodes: Int
}

struct StoreFigures: Sendable, Equatable {
    let sessions: Int
    let openCodes: Int
    let accepted: Int
    let declined: Int
    let identities: Int
    let applications: Int
    let head: ChainHead
}

/// The store's figures of `/metrics`.
struct StoreGauges: Sendable, Equatable {
    /// Living ones.
    let sessions: Int
    /// Codes that wait for a signature.
    let openCodes: Int
    let records: Int64
}

/// A statement's version that already stands for other words.
struct StatementReused: Error, Equatable {
    let version: String
}
