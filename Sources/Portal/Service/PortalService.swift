// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Logging
import PortalContract
import Synchronization

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

/// What the portal is set up to do: the part of the configuration that its rules need.
struct PortalRules: Sendable {
    /// The origin that is signed; from the configuration, never from a request.
    let origin: PortalOrigin
    let statement: Statement
    /// How long a code lives, in seconds.
    var codeLifetime = PortalLimits.codeLifetime
    /// How long before a certificate's end its renewal can be applied for, in days of 86,400 seconds.
    var renewalDays: Int64 = 30
    var limits = Limits()

    /// What one caller may do in a window of time.
    struct Limits: Sendable {
        /// In seconds.
        var window: Int64 = 600
        /// Codes for one identity from one address.
        var codesPerIdentity = 10
        /// Codes from one address, whoever they are for. Large: a whole ministry may come from one.
        var codesPerAddress = 1000
        /// Look-ups of unknown codes from one address.
        var unknownCodes = 60
    }

    /// Checks what the contract demands of a statement; throws `InvalidDeclaration`.
    static func checked(_ statement: Statement) throws -> Statement {
        for decision in Decision.allCases {
            _ = try Declaration(decision: decision, version: statement.version, statement: statement.text(of: decision))
        }
        return statement
    }

    /// The guide's two sentences (step 8), word for word.
    static let guideStatement = Statement(
        version: "2026-01", accept: guideSentence("KABUL EDİYORUM."), decline: guideSentence("KABUL ETMİYORUM."))

    private static func guideSentence(_ verb: String) -> String {
        "Kamu SM sistemleri üzerinden güvenilir bir şekilde elektronik onayımın alınması kaydıyla bundan sonra "
            + "yapacağım NES başvurularımın, imzalı başvuru formu göndermeme gerek kalmaksızın işleme alınmasını "
            + verb
    }
}

/// The portal's origin: configured, or, on loopback, what it turned out to be when a free port was taken.
final class PortalOrigin: Sendable {
    private let origin: Mutex<Origin?>

    init(_ origin: Origin? = nil) { self.origin = Mutex(origin) }

    /// Nothing is answered before the server listens, so it is always known by then.
    var value: Origin { origin.withLock { $0! } }

    /// The address that the server listens on, unless another was configured.
    func settle(_ listening: Origin) {
        origin.withLock { $0 = $0 ?? listening }
    }
}

extension PortalService {
    /// What an address may do in a window of time, and, of IPv6, the /48 around it: a customer who is given one has
    /// 65,536 networks to come from.
    ///
    /// - Parameters:
    ///   - use: what is counted.
    ///   - address: as `ClientAddress.counted` gives it.
    ///   - subject: whom it is counted for apart; nil for everybody together.
    func allowances(_ use: String, atMost count: Int, from address: String, for subject: String? = nil) -> [Allowance] {
        func allowance(_ place: String, _ count: Int) -> Allowance {
            let bucket = subject.map { keys.bucket(use, place, $0) } ?? keys.bucket(use, place)
            return Allowance(bucket: bucket, count: count, window: rules.limits.window)
        }
        let network = ClientAddress.network(of: address).map { allowance($0, ClientAddress.networkBudget(count)) }
        return [allowance(address, count)] + (network.map { [$0] } ?? [])
    }

    /// Questions that hit nothing, for one kind of secret.
    func guesses(_ use: String, from address: String) -> [Allowance] {
        allowances(use, atMost: rules.limits.unknownCodes, from: address)
    }
}
