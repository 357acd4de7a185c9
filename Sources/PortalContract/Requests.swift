// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// `POST /sessions`: the identity number of the person who signs in.
public struct SessionRequest: WireValue, Equatable {
    public let identity: String

    public init(identity: String) { self.identity = identity }

    public init(json: JSON) throws(InvalidMessage) { identity = try json.text("identity") }

    public var json: JSON { .members(("identity", .string(identity))) }
}

/// `POST /session/confirm`: the six digits from the answer to the signature.
public struct ConfirmRequest: WireValue, Equatable {
    public let number: String

    public init(number: String) { self.number = number }

    public init(json: JSON) throws(InvalidMessage) { number = try json.text("number") }

    public var json: JSON { .members(("number", .string(number))) }
}

/// `POST /decision`: the decision, and the version of the statement that the person read.
public struct DecisionRequest: WireValue, Equatable {
    /// `accept` or `decline`; the portal answers invalid-decision to any other word.
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

/// `POST /applications`: an application for a certificate. The standing consent signs it.
public struct ApplicationRequest: WireValue, Equatable {
    public let kind: ApplicationKind
    /// How the form is signed; `e-onay` is the only way.
    public let signing: String

    /// The only way of signing.
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

/// The kind of certificate that a person applies for.
public enum ApplicationKind: String, Sendable, CaseIterable {
    case new
    case renewal
}
