// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The paths of the contract's calls, below the portal's origin.
public enum PortalPath {
    /// The beginning of each path of version 1.
    public static let prefix = "/api/v1"

    public static let sessions = prefix + "/sessions"
    public static let session = prefix + "/session"
    public static let confirm = session + "/confirm"
    public static let events = session + "/events"
    public static let statement = prefix + "/statement"
    public static let decision = prefix + "/decision"
    public static let status = prefix + "/status"
    public static let applications = prefix + "/applications"
    public static let health = prefix + "/healthz"

    /// The challenge of a code.
    public static func code(_ code: VerificationCode) -> String { prefix + "/codes/" + code.digits }

    /// Where a code's signature is posted.
    public static func signature(_ code: VerificationCode) -> String { self.code(code) + "/signature" }

    /// A consent, by its reference.
    public static func consent(_ reference: String) -> String { prefix + "/consents/" + reference }

    /// The page that gets the six digits from E-Onay: `ORIGIN/continue#NUMBER`. A fragment is not sent to a server.
    public static let continuation = "/continue"
}

/// The media types of the contract.
public enum PortalMediaType {
    public static let json = "application/json"
    public static let problem = "application/problem+json"
    public static let signature = "application/pkcs7-mime"
    public static let events = "text/event-stream"
}

/// The fixed sizes and times of the contract. Times are in seconds.
public enum PortalLimits {
    /// The longest body; a longer one is too-large.
    public static let bodyBytes = 64 * 1024
    /// How long a code lives by default.
    public static let codeLifetime: Int64 = 300
    /// How long a session lives after its last code.
    public static let sessionLifetime: Int64 = 900
    /// Refused signatures that end a code; wrong numbers that end a session.
    public static let tries = 3
    /// Octets of randomness in a session token.
    public static let tokenBytes = 32
}

/// A failure in an answer of the portal (RFC 9457), `application/problem+json`.
public struct ProblemDetails: WireValue, Equatable {
    /// `urn:eonay:problem:NAME`, or a type that this version does not know.
    public let type: String
    /// A sentence for logs, without anybody's data.
    public let title: String
    public let status: Int
    /// An extension member (RFC 9457, 3.2) that narrows the problem down; a client may ignore it.
    public let reason: String?

    /// The reason of certificate-revoked if the certificate is on hold, by its name in RFC 5280, 5.3.1.
    public static let onHold = "certificateHold"

    public init(type: String, title: String, status: Int, reason: String? = nil) {
        (self.type, self.title, self.status, self.reason) = (type, title, status, reason)
    }

    /// The certificate was not revoked for good: it is not opened yet, or suspended.
    public var isSuspended: Bool { reason == Self.onHold }

    /// The problem's name; nil if it is not in the contract.
    public var name: ProblemName? { ProblemName(urn: type) }

    public init(json: JSON) throws(InvalidMessage) {
        type = try json.text("type")
        title = try json.optionalText("title") ?? ""
        status = Int(truncatingIfNeeded: try json.integer("status"))
        // Another server's extension may have this name and any form.
        reason = try? json.optionalText("reason")
    }

    public var json: JSON {
        .members(
            ("type", .string(type)), ("title", .string(title)), ("status", .integer(Int64(status))),
            ("reason", reason.map { .string($0) }))
    }
}
