// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// `POST /sessions`: who wants to sign in.
public struct SessionRequest: WireValue, Equatable {
    public let identity: String

    public init(identity: String) { self.identity = identity }

    public init(json: JSON) throws(InvalidMessage) { identity = try json.text("identity") }

    public var json: JSON { .members(("identity", .string(identity))) }
}

/// `POST /session/confirm`: the six digits that the signature's answer gave to the signer.
public struct ConfirmRequest: WireValue, Equatable {
    public let number: String

    public init(number: String) { self.number = number }

    public init(json: JSON) throws(InvalidMessage) { number = try json.text("number") }

    public var json: JSON { .members(("number", .string(number))) }
}

/// `POST /decision`: what is to be declared, and the version of the statement that was read.
public struct DecisionRequest: WireValue, Equatable {
    /// A word: the portal answers invalid-decision to any but `accept` and `decline`.
    public let decision: String
    public let statementVersion: String

    public init(decision: String, statementVersion: String) {
        (self.decision, self.statementVersion) = (decision, statementVersion)
    }

    public init(json: JSON) throws(InvalidMessage) {
        decision = try json.text("decision")
        statementVersion = try json.text("statementVersion")
    }

    public var json: JSON {
        .members(("decision", .string(decision)), ("statementVersion", .string(statementVersion)))
    }
}

/// `POST /applications`: an application for a certificate, signed by the standing consent.
public struct ApplicationRequest: WireValue, Equatable {
    public let kind: ApplicationKind
    /// How the form is signed; `e-onay` is the one way.
    public let signing: String

    /// The one way of signing.
    public static let eOnay = "e-onay"

    public init(kind: ApplicationKind) {
        self.kind = kind
        signing = Self.eOnay
    }

    public init(json: JSON) throws(InvalidMessage) {
        kind = try json.word("kind")
        signing = try json.text("signing")
        guard signing == Self.eOnay else { throw InvalidMessage(field: "signing") }
    }

    public var json: JSON { .members(("kind", .string(kind.rawValue)), ("signing", .string(signing))) }
}

/// What is applied for.
public enum ApplicationKind: String, Sendable, CaseIterable {
    case new
    case renewal
}
