// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The answer of `POST /sessions`.
public struct OpenedSession: WireValue, Equatable {
    /// The bearer token, which is all that the session's owner needs.
    public let session: String
    public let challenge: PortalChallenge

    public init(session: String, challenge: PortalChallenge) {
        (self.session, self.challenge) = (session, challenge)
    }

    public init(json: JSON) throws(InvalidMessage) {
        session = try json.text("session")
        challenge = try json.message("challenge")
    }

    public var json: JSON { .members(("session", .string(session)), ("challenge", challenge.json)) }
}

/// The answer to a signature that the portal accepted.
public struct SubmissionAnswer: WireValue, Equatable {
    public enum Result: String, Sendable {
        /// A login: the session waits for the number.
        case signed
        /// A consent: it is on disk.
        case recorded
    }

    public let purpose: Purpose
    public let result: Result
    /// Six digits, after a login.
    public let number: String?
    /// The record's reference, after a consent.
    public let reference: String?

    public init(purpose: Purpose, result: Result, number: String?, reference: String?) {
        (self.purpose, self.result, self.number, self.reference) = (purpose, result, number, reference)
    }

    public init(json: JSON) throws(InvalidMessage) {
        purpose = try json.word("purpose")
        result = try json.word("result")
        number = try json.optionalText("number")
        reference = try json.optionalText("reference")
    }

    public var json: JSON {
        .members(
            ("purpose", .string(purpose.rawValue)), ("result", .string(result.rawValue)),
            ("number", number.map { .string($0) }), ("reference", reference.map { .string($0) }))
    }
}

/// How far a session has come.
public enum SessionState: String, Sendable, CaseIterable {
    /// A login code waits for its signature, or has lapsed without one.
    case login
    /// The login is signed; the session waits for the number.
    case confirm
    case loggedIn = "logged-in"
    /// Logged in, and a consent code waits for its signature.
    case consent
    /// Logged in, and a decision was recorded.
    case recorded
    case ended

    /// Whether the session has proved its identity.
    public var isLoggedIn: Bool { self == .loggedIn || self == .consent || self == .recorded }
}

/// The answer of `GET /session`, and the data of its events.
public struct SessionStatus: WireValue, Equatable {
    public let state: SessionState
    /// The code that waits for its signature.
    public let challenge: PortalChallenge?
    /// The decision that this session recorded last.
    public let reference: String?
    /// Why the portal refused the last signature under the code; nil if it refused none.
    public let refusal: Refusal?

    /// A refused signature: a problem as `ProblemDetails` names it.
    public struct Refusal: WireValue, Equatable {
        /// `urn:eonay:problem:NAME`.
        public let type: String
        public let reason: String?
        /// How many signatures under the code count as refused. The third ends it.
        public let count: Int64

        public init(type: String, reason: String?, count: Int64) {
            (self.type, self.reason, self.count) = (type, reason, count)
        }

        public init(json: JSON) throws(InvalidMessage) {
            type = try json.text("type")
            reason = try json.optionalText("reason")
            count = try json.integer("count")
        }

        public var json: JSON {
            .members(("type", .string(type)), ("reason", reason.map { .string($0) }), ("count", .integer(count)))
        }
    }

    public init(state: SessionState, challenge: PortalChallenge?, reference: String?, refusal: Refusal? = nil) {
        (self.state, self.challenge, self.reference, self.refusal) = (state, challenge, reference, refusal)
    }

    public init(json: JSON) throws(InvalidMessage) {
        state = try json.word("state")
        challenge = try json.optionalMessage("challenge")
        reference = try json.optionalText("reference")
        refusal = try json.optionalMessage("refusal")
    }

    public var json: JSON {
        .members(
            ("state", .string(state.rawValue)), ("challenge", challenge?.json),
            ("reference", reference.map { .string($0) }), ("refusal", refusal?.json))
    }
}

/// The answer of `POST /session/confirm`.
public struct ConfirmAnswer: WireValue, Equatable {
    public let state: SessionState

    public init(state: SessionState) { self.state = state }

    public init(json: JSON) throws(InvalidMessage) { state = try json.word("state") }

    public var json: JSON { .members(("state", .string(state.rawValue))) }
}

/// The meaning of a code: the fields from which the signer composes the text (contract/portal.md).
///
/// It has no identity, so a guessed code says nothing about a person.
public struct PortalChallenge: WireValue, Equatable {
    public let code: String
    public let purpose: Purpose
    /// The portal's configured origin.
    public let portal: String
    /// UTC seconds.
    public let issuedAt: Int64
    /// UTC seconds.
    public let expiresAt: Int64
    /// Seconds left when the answer was made: the desktop counts from receipt, on its monotonic clock.
    public let expiresIn: Int64
    /// The declaration of a consent; nil for a login.
    public let declared: Declared?

    /// A consent's decision and the statement of it, unchecked: the desktop compares it with what it showed.
    public struct Declared: Sendable, Equatable {
        public let decision: Decision
        public let version: String
        public let statement: String

        public init(decision: Decision, version: String, statement: String) {
            (self.decision, self.version, self.statement) = (decision, version, statement)
        }
    }

    public init(
        code: String, purpose: Purpose, portal: String, issuedAt: Int64, expiresAt: Int64, expiresIn: Int64,
        declared: Declared?
    ) {
        self.code = code
        self.purpose = purpose
        self.portal = portal
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.expiresIn = expiresIn
        self.declared = declared
    }

    public init(json: JSON) throws(InvalidMessage) {
        code = try json.text("code")
        purpose = try json.word("purpose")
        portal = try json.text("portal")
        issuedAt = try json.instant("issuedAt")
        expiresAt = try json.instant("expiresAt")
        expiresIn = try json.integer("expiresIn")
        switch purpose {
        case .login: declared = nil
        case .consent:
            declared = Declared(
                decision: try json.word("decision"), version: try json.text("statementVersion"),
                statement: try json.text("statement"))
        }
    }

    public var json: JSON {
        .members(
            ("code", .string(code)), ("purpose", .string(purpose.rawValue)), ("portal", .string(portal)),
            ("issuedAt", .instant(issuedAt)),
            ("expiresAt", .instant(expiresAt)), ("expiresIn", .integer(expiresIn)),
            ("decision", declared.map { .string($0.decision.rawValue) }),
            ("statementVersion", declared.map { .string($0.version) }),
            ("statement", declared.map { .string($0.statement) }))
    }
}
