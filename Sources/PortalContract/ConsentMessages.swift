// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
internal import SystemBasics

/// The two sentences, of which a person declares one, and their version: the answer of `GET /statement`.
public struct PortalStatement: WireValue, Equatable {
    public let version: String
    public let accept: String
    public let decline: String

    public init(version: String, accept: String, decline: String) {
        (self.version, self.accept, self.decline) = (version, accept, decline)
    }

    /// The sentence of a decision.
    public func text(of decision: Decision) -> String {
        switch decision {
        case .accept: accept
        case .decline: decline
        }
    }

    public init(json: JSON) throws(InvalidMessage) {
        version = try json.text("version")
        accept = try json.text("accept")
        decline = try json.text("decline")
    }

    public var json: JSON {
        .members(("version", .string(version)), ("accept", .string(accept)), ("decline", .string(decline)))
    }
}

/// The answer of `GET /status`: the consent that stands.
public struct ConsentStanding: WireValue, Equatable {
    public enum Consent: String, Sendable {
        case none
        case accepted
        case declined
    }

    public let consent: Consent
    /// UTC seconds; nil if none was ever recorded.
    public let since: Int64?
    public let reference: String?

    public init(consent: Consent, since: Int64?, reference: String?) {
        (self.consent, self.since, self.reference) = (consent, since, reference)
    }

    public init(json: JSON) throws(InvalidMessage) {
        consent = try json.word("consent")
        since = try json.optionalInstant("since")
        reference = try json.optionalText("reference")
    }

    public var json: JSON {
        .members(
            ("consent", .string(consent.rawValue)), ("since", since.map { .instant($0) }),
            ("reference", reference.map { .string($0) }))
    }
}

/// The answer of `GET /consents/REFERENCE`: a recorded decision with the document that proves it.
public struct ConsentDocument: WireValue, Equatable {
    public let reference: String
    public let decision: Decision
    /// When the signature was received, UTC seconds.
    public let at: Int64
    public let statementVersion: String
    /// The signed text.
    public let text: String
    /// The CMS, DER.
    public let signature: [UInt8]

    public init(
        reference: String, decision: Decision, at: Int64, statementVersion: String, text: String, signature: [UInt8]
    ) {
        self.reference = reference
        self.decision = decision
        self.at = at
        self.statementVersion = statementVersion
        self.text = text
        self.signature = signature
    }

    public init(json: JSON) throws(InvalidMessage) {
        reference = try json.text("reference")
        decision = try json.word("decision")
        at = try json.instant("at")
        statementVersion = try json.text("statementVersion")
        text = try json.text("text")
        signature = try json.octets("signature")
    }

    public var json: JSON {
        .members(
            ("reference", .string(reference)), ("decision", .string(decision.rawValue)),
            ("at", .instant(at)), ("statementVersion", .string(statementVersion)),
            ("text", .string(text)), ("signature", .octets(signature)))
    }
}

/// An application that was filed: the answer of `POST /applications`, and an element of `GET /applications`.
public struct FiledApplication: WireValue, Equatable {
    public let reference: String
    public let kind: ApplicationKind
    /// The reference of the consent that signs it.
    public let consent: String
    /// UTC seconds.
    public let at: Int64

    public init(reference: String, kind: ApplicationKind, consent: String, at: Int64) {
        (self.reference, self.kind, self.consent, self.at) = (reference, kind, consent, at)
    }

    public init(json: JSON) throws(InvalidMessage) {
        reference = try json.text("reference")
        kind = try json.word("kind")
        consent = try json.text("consent")
        at = try json.instant("at")
    }

    public var json: JSON {
        .members(
            ("reference", .string(reference)), ("kind", .string(kind.rawValue)), ("consent", .string(consent)),
            ("at", .instant(at)))
    }
}

/// The answer of `GET /applications`.
public struct FiledApplications: WireValue, Equatable {
    public let applications: [FiledApplication]

    public init(_ applications: [FiledApplication]) { self.applications = applications }

    public init(json: JSON) throws(InvalidMessage) {
        guard case .array(let elements) = json else { throw InvalidMessage(field: "") }
        var applications: [FiledApplication] = []
        for element in elements { applications.append(try FiledApplication(json: element)) }
        self.applications = applications
    }

    public var json: JSON { .array(applications.map(\.json)) }
}
