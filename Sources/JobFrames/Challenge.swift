// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A verification code and what it is for, as the portal gives it.
public struct Challenge: FrameValue {
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

    public init(from reader: inout FrameReader) throws(FrameError) {
        code = try reader.string("code")
        purpose = try reader.string("purpose")
        portal = try reader.string("portal")
        issuedAt = try reader.i64("issuedAt")
        expiresAt = try reader.i64("expiresAt")
        expiresIn = try reader.u32("expiresIn")
        decision = try reader.string("decision")
        statementVersion = try reader.string("statementVersion")
        statement = try reader.string("statement")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(code)
        writer.string(purpose)
        writer.string(portal)
        writer.i64(issuedAt)
        writer.i64(expiresAt)
        writer.u32(expiresIn)
        writer.string(decision)
        writer.string(statementVersion)
        writer.string(statement)
    }
}
