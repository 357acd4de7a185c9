// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The two sentences that a person can declare, and their version: the answer of `GET /statement`.
public struct Statement: WireValue, Equatable {
    public let version: String
    public let accept: String
    public let decline: String

    public init(version: String, accept: String, decline: String) {
        self.version = version
        self.accept = accept
        self.decline = decline
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
