// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// A failure as the portal tells it (RFC 9457), `application/problem+json`.
public struct ProblemDetails: WireValue, Equatable {
    /// `urn:eonay:problem:NAME`, or something that this version does not know.
    public let type: String
    /// A sentence for people who read logs; nobody's data is in it.
    public let title: String
    public let status: Int
    /// An extension member (RFC 9457, 3.2) that narrows the problem down; who does not know it goes by the type.
    public let reason: String?

    /// The reason of certificate-revoked where the certificate is on hold, by its name in RFC 5280, 5.3.1.
    public static let onHold = "certificateHold"

    public init(type: String, title: String, status: Int, reason: String? = nil) {
        self.type = type
        self.title = title
        self.status = status
        self.reason = reason
    }

    /// The certificate was not revoked for good: it is not opened yet, or suspended.
    public var isSuspended: Bool { reason == Self.onHold }

    /// The problem's name; nil for one that is not in the contract.
    public var name: ProblemName? { ProblemName(urn: type) }

    public init(json: JSON) throws(InvalidMessage) {
        type = try json.text("type")
        title = try json.optionalText("title") ?? ""
        status = Int(truncatingIfNeeded: try json.integer("status"))
        // Anybody's extension may have this name, and any form.
        reason = try? json.optionalText("reason")
    }

    public var json: JSON {
        .members(
            ("type", .string(type)), ("title", .string(title)), ("status", .integer(Int64(status))),
            ("reason", reason.map { .string($0) }))
    }
}
