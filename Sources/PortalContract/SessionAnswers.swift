// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The answer of `POST /sessions`.
public struct OpenedSession: WireValue, Equatable {
    /// The bearer token. Whoever has it is the session.
    public let session: String
    public let challenge: Challenge

    public init(session: String, challenge: Challenge) {
        self.session = session
        self.challenge = challenge
    }

    public init(json: JSON) throws(InvalidMessage) {
        session = try json.text("session")
        guard let challenge = json["challenge"] else { throw InvalidMessage(field: "challenge") }
        self.challenge = try Challenge(json: challenge)
    }

    public var json: JSON { .members(("session", .string(session)), ("challenge", challenge.json)) }
}

/// The answer to a signature that was taken.
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
        self.purpose = purpose
        self.result = result
        self.number = number
        self.reference = reference
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
    /// The login is signed; the number is awaited.
    case confirm
    case loggedIn = "logged-in"
    /// Logged in, and a consent code waits for its signature.
    case consent
    /// Logged in, and a decision was recorded.
    case recorded
    case ended

    /// Whether the session has proved who it is.
    public var isLoggedIn: Bool { self == .loggedIn || self == .consent || self == .recorded }
}

/// The answer of `GET /session`, and the data of its events.
public struct SessionStatus: WireValue, Equatable {
    public let state: SessionState
    /// The code that waits for its signature.
    public let challenge: Challenge?
    /// The decision that this session recorded last.
    public let reference: String?

    public init(state: SessionState, challenge: Challenge?, reference: String?) {
        self.state = state
        self.challenge = challenge
        self.reference = reference
    }

    public init(json: JSON) throws(InvalidMessage) {
        state = try json.word("state")
        if let challenge = json["challenge"] {
            self.challenge = try Challenge(json: challenge)
        } else {
            challenge = nil
        }
        reference = try json.optionalText("reference")
    }

    public var json: JSON {
        .members(
            ("state", .string(state.rawValue)), ("challenge", challenge?.json),
            ("reference", reference.map { .string($0) }))
    }
}

/// The answer of `POST /session/confirm`.
public struct ConfirmAnswer: WireValue, Equatable {
    public let state: SessionState

    public init(state: SessionState) { self.state = state }

    public init(json: JSON) throws(InvalidMessage) { state = try json.word("state") }

    public var json: JSON { .members(("state", .string(state.rawValue))) }
}
