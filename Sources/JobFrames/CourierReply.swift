// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonay-courier` answers: one reply to each request.
public enum CourierReply: FrameMessage {
    /// The portal is set; nothing was sent yet.
    case opened
    /// The statement in force.
    case statement(Statement)
    /// A code and what it is for.
    case challenge(Challenge)
    /// The portal took the signature.
    case submitted(Submission)
    /// The session's state after the confirmation.
    case confirmed(state: String)
    /// The consent on record.
    case status(ConsentStatus)
    /// One record.
    case consent(ConsentRecord)
    /// The application was filed, at this time (seconds since 1970-01-01 UTC).
    case applied(reference: String, consent: String, at: Int64)
    /// The newest application of the kind; an empty reference where there is none.
    case newestApplication(reference: String)
    /// What is known of the certificate's revocation.
    case revocation(RevocationAnswer)
    /// The session is over.
    case ended
    /// The request failed.
    case failed(JobFailure)
}

/// The two sentences a person may sign, as the portal gives them.
public struct Statement: Codable, Sendable, Equatable {
    /// Their version.
    public var version: String
    /// The sentence that accepts.
    public var accept: String
    /// The sentence that declines.
    public var decline: String

    /// Creates the value from its fields.
    public init(version: String, accept: String, decline: String) {
        self.version = version
        self.accept = accept
        self.decline = decline
    }
}

/// A verification code and what it is for, as the portal gives it.
public struct Challenge: Codable, Sendable, Equatable {
    /// 15 digits; not for logs.
    public var code: String
    /// "login" or "consent".
    public var purpose: String
    /// Origin the portal claims.
    public var portal: String
    /// Seconds since 1970-01-01 UTC, by the portal's clock.
    public var issuedAt: Int64
    /// Seconds since 1970-01-01 UTC, by the portal's clock.
    public var expiresAt: Int64
    /// Seconds of life at the moment of the answer.
    public var expiresIn: UInt32
    /// "accept" or "decline"; empty for a login.
    public var decision: String
    /// Empty for a login.
    public var statementVersion: String
    /// Empty for a login.
    public var statement: String

    /// Creates the value from its fields.
    public init(
        code: String, purpose: String, portal: String, issuedAt: Int64, expiresAt: Int64, expiresIn: UInt32,
        decision: String, statementVersion: String, statement: String
    ) {
        self.code = code
        self.purpose = purpose
        self.portal = portal
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.expiresIn = expiresIn
        self.decision = decision
        self.statementVersion = statementVersion
        self.statement = statement
    }
}

/// The portal's answer to a signature.
public struct Submission: Codable, Sendable, Equatable {
    /// "login" or "consent".
    public var purpose: String
    /// "signed" or "recorded".
    public var result: String
    /// The six digits that confirm a login; empty for a consent.
    public var number: String
    /// The record's reference; empty for a login.
    public var reference: String

    /// Creates the value from its fields.
    public init(purpose: String, result: String, number: String, reference: String) {
        self.purpose = purpose
        self.result = result
        self.number = number
        self.reference = reference
    }
}

/// Which consent the portal has of a person.
public struct ConsentStatus: Codable, Sendable, Equatable {
    /// "none", "accepted" or "declined".
    public var consent: String
    /// Since when: seconds since 1970-01-01 UTC; 0 where there is none.
    public var since: Int64
    /// The record's reference; empty where there is none.
    public var reference: String

    /// Creates the value from its fields.
    public init(consent: String, since: Int64, reference: String) {
        self.consent = consent
        self.since = since
        self.reference = reference
    }
}

/// One consent as the portal recorded it.
public struct ConsentRecord: Codable, Sendable, Equatable {
    /// The record's reference.
    public var reference: String
    /// "accept" or "decline".
    public var decision: String
    /// When it was recorded: seconds since 1970-01-01 UTC.
    public var at: Int64
    /// Version of the statement.
    public var statementVersion: String
    /// The text that was signed; not for logs.
    public var text: String
    /// The signature, CMS in DER.
    public var signature: [UInt8]

    /// Creates the value from its fields.
    public init(
        reference: String, decision: String, at: Int64, statementVersion: String, text: String, signature: [UInt8]
    ) {
        self.reference = reference
        self.decision = decision
        self.at = at
        self.statementVersion = statementVersion
        self.text = text
        self.signature = signature
    }
}
