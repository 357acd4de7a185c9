// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Logging
import PortalContract
import Synchronization

/// The portal's rules, without HTTP: each call of the contract is a function, each failure a `PortalProblem`.
///
/// It has no state of its own: sessions, codes, limits and records are in the store, so any number of portals can share
/// one. `events` and `queue` are local: they give hints and save work.
struct PortalService: Sendable {
    let rules: PortalRules
    let store: any PortalStore
    let keys: PortalKeys
    let judge: SignatureJudge
    let clock: any WallClock
    let events = SessionEvents()
    let queue = SignatureQueue()
    let metrics: PortalMetrics
    let health: HealthCheck
    let logger: Logger

    /// A session that a request proved to be its own.
    struct Session: Sendable {
        let stored: StoredSession
        let code: StoredCode?
        /// The state as it is now. A consent code that lapsed leaves the session in the state before it.
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

    /// The answer of `GET /session`.
    func status(of session: Session) async throws -> SessionStatus {
        var challenge: PortalChallenge?
        let isAwaiting = session.state == .login || session.state == .consent
        if isAwaiting, let code = session.code, code.isOpen(at: clock.now()) {
            challenge = try await self.challenge(of: code)
        }
        var refusal: SessionStatus.Refusal?
        if let code = session.code, code.usedBy == nil,
            let problem = code.lastProblem.flatMap(PortalProblem.init(refusal:))
        {
            refusal = SessionStatus.Refusal(type: problem.type, reason: problem.reason, count: Int64(code.refusals))
        }
        return SessionStatus(
            state: session.state, challenge: challenge, reference: session.stored.reference, refusal: refusal)
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
        // A sealed number that was copied here from another session opens, but is not this session's.
        guard equalInConstantTime(keys.digest(of: identity), session.identity) else { throw PortalProblem.internal }
        return identity
    }

    static let identityContext = "session identity"
    static let holderContext = "session holder"
    static let codeContext = "code"
}

/// The part of the configuration that the portal's rules need.
struct PortalRules: Sendable {
    /// The origin that is signed; from the configuration, never from a request.
    let origin: PortalOrigin
    let statement: PortalStatement
    /// How long a code lives, in seconds.
    var codeLifetime = PortalLimits.codeLifetime
    /// How long before a certificate's end its renewal can be applied for, in days of 86,400 seconds.
    var renewalDays: Int64 = 30
    var limits = Limits()

    /// How much one caller may do in a window of time.
    struct Limits: Sendable {
        /// In seconds.
        var window: Int64 = 600
        /// Codes for one identity from one address.
        var codesPerIdentity = 10
        /// Codes from one address, for all identities. Large: a whole ministry may come from one address.
        var codesPerAddress = 1000
        /// Look-ups of unknown codes from one address.
        var unknownCodes = 60
    }

    /// The statement if it keeps the contract's rules; throws `InvalidDeclaration`.
    static func checked(_ statement: PortalStatement) throws -> PortalStatement {
        for decision in Decision.allCases {
            _ = try Declaration(decision: decision, version: statement.version, statement: statement.text(of: decision))
        }
        return statement
    }

    /// The guide's two sentences (step 8), word for word.
    static let guideStatement = PortalStatement(
        version: "2026-01", accept: guideSentence("KABUL EDİYORUM."), decline: guideSentence("KABUL ETMİYORUM."))

    private static func guideSentence(_ verb: String) -> String {
        "Kamu SM sistemleri üzerinden güvenilir bir şekilde elektronik onayımın alınması kaydıyla bundan sonra "
            + "yapacağım NES başvurularımın, imzalı başvuru formu göndermeme gerek kalmaksızın işleme alınmasını "
            + verb
    }
}

/// The portal's origin: the configured one, or on loopback the address that it listens on.
final class PortalOrigin: Sendable {
    private let origin: Mutex<Origin?>

    init(_ origin: Origin? = nil) { self.origin = Mutex(origin) }

    /// Known before the first request, because the server listens by then.
    var value: Origin { origin.withLock { $0! } }

    /// Sets the address that the server listens on, unless an origin is configured.
    func settle(_ listening: Origin) {
        origin.withLock { $0 = $0 ?? listening }
    }
}

extension PortalService {
    /// How often an address, and the /48 around an IPv6 address, may do something in a window of time.
    ///
    /// - Parameters:
    ///   - use: what is counted.
    ///   - address: as `ClientAddress.counted` gives it.
    ///   - subject: the person it is counted for; nil for everybody together.
    func allowances(_ use: String, atMost count: Int, from address: String, for subject: String? = nil) -> [Allowance] {
        ClientAddress.places(of: address, atMost: count).map { place in
            let bucket = subject.map { keys.bucket(use, place.name, $0) } ?? keys.bucket(use, place.name)
            return Allowance(bucket: bucket, count: place.limit, window: rules.limits.window)
        }
    }

    /// How often a guess at one kind of secret may fail.
    func guesses(_ use: String, from address: String) -> [Allowance] {
        allowances(use, atMost: rules.limits.unknownCodes, from: address)
    }
}
