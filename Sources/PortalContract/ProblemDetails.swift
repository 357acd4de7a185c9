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

    public init(type: String, title: String, status: Int) {
        self.type = type
        self.title = title
        self.status = status
    }

    /// The problem's name; nil for one that is not in the contract.
    public var name: ProblemName? { ProblemName(urn: type) }

    public init(json: JSON) throws(InvalidMessage) {
        type = try json.text("type")
        title = try json.optionalText("title") ?? ""
        status = Int(truncatingIfNeeded: try json.integer("status"))
    }

    public var json: JSON {
        .members(("type", .string(type)), ("title", .string(title)), ("status", .integer(Int64(status))))
    }
}
