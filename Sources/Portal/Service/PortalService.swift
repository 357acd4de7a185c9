// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Logging
import PortalContract

/// The portal's rules, without HTTP: each call of the contract is a function, each failure a `PortalProblem`.
///
/// It holds no state of its own: sessions, codes, limits and records are the store's, so that any number of portals can
/// share one. `events` and `desk` are local: hints to look again, and work that is saved.
struct PortalService: Sendable {
    let rules: PortalRules
    let store: any PortalStore
    let keys: PortalKeys
    let judge: SignatureJudge
    let clock: any WallClock
    let events = SessionEvents()
    let desk = JudgingDesk()
    let metrics: PortalMetrics
    let health: HealthCheck
    let logger: Logger

    /// A session that a request proved to be its own.
    struct Session: Sendable {
        let stored: StoredSession
        let code: StoredCode?
        /// The state as it is now: a consent code that lapsed leaves the session where it was before.
        let state: SessionState
        let token: String
    }

    /// The session of a token; throws no-session.
    func session(_ token: String?) async throws -> Session {
        guard let token, token.utf8.count <= 64,
            let (stored, code) = try await store.session(token: keys.digest(ofToken: token)),
            stored.livesUntil > clock.now()
        else { throw PortalProblem(.noSession) }
        return session(stored, code, token: token)
    }

    /// A session that was found, with its state as it is now.
    func session(_ stored: StoredSession, _ code: StoredCode?, token: String) -> Session {
        Session(stored: stored, code: code, state: state(of: stored, code), token: token)
    }

    /// The session of a token if it is signed in; throws not-logged-in.
    func loggedIn(_ token: String?) async throws -> Session {
        do {
            let session = try await session(token)
            guard session.state.isLoggedIn else { throw PortalProblem(.notLoggedIn) }
            return session
        } catch is PortalProblem {
            throw PortalProblem(.notLoggedIn)
        }
    }

    private func state(of session: StoredSession, _ code: StoredCode?) -> SessionState {
        guard session.state == .consent, code?.isOpen(at: clock.now()) != true else { return session.state }
        return session.reference == nil ? .loggedIn : .recorded
    }

    /// What `GET /session` answers.
    func status(of session: Session) async throws -> SessionStatus {
        var challenge: Challenge?
        let isAwaiting = session.state == .login || session.state == .consent
        if isAwaiting, let code = session.code, code.isOpen(at: clock.now()) {
            challenge = try await self.challenge(of: code)
        }
        return SessionStatus(state: session.state, challenge: challenge, reference: session.stored.reference)
    }

    /// `DELETE /session`.
    func end(_ session: Session) async throws {
        try await store.end(session: session.stored.id)
        events.post(session.stored.id)
    }

    /// The number of the person whose session it is.
    func identity(of session: StoredSession) throws -> NationalIdentity {
        let digits = try keys.open(session.sealedIdentity, context: Self.identityContext)
        let identity = try NationalIdentity(certified: String(decoding: digits, as: UTF8.self))
        // A sealed number that was moved here from another session opens, but is not this session's.
        guard equalInConstantTime(keys.digest(of: identity), session.identity) else { throw PortalProblem.internal }
        return identity
    }

    static let identityContext = "session identity"
    static let holderContext = "session holder"
    static let codeContext = "code"
}
