// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// What a code stands for: the fields from which the signer composes the text (contract/portal.md).
///
/// It bears no identity: whoever guesses a code learns nothing about a person.
public struct Challenge: WireValue, Equatable {
    public let code: String
    public let purpose: Purpose
    /// The portal's origin as it has it configured.
    public let portal: String
    /// UTC seconds.
    public let issuedAt: Int64
    /// UTC seconds.
    public let expiresAt: Int64
    /// Seconds left when the answer was made: the desktop counts from receipt, on its monotonic clock.
    public let expiresIn: Int64
    /// For a consent, what is declared; nil for a login.
    public let declared: Declared?

    /// A consent's decision and the statement of it, unchecked: the desktop compares it with what it showed.
    public struct Declared: Sendable, Equatable {
        public let decision: Decision
        public let version: String
        public let statement: String

        public init(decision: Decision, version: String, statement: String) {
            self.decision = decision
            self.version = version
            self.statement = statement
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
            ("issuedAt", .string(Timestamp(seconds: issuedAt).text)),
            ("expiresAt", .string(Timestamp(seconds: expiresAt).text)), ("expiresIn", .integer(expiresIn)),
            ("decision", declared.map { .string($0.decision.rawValue) }),
            ("statementVersion", declared.map { .string($0.version) }),
            ("statement", declared.map { .string($0.statement) }))
    }
}
