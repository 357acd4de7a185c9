// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks for one signature: the job composes the text from these fields, shows it, asks for the PIN and signs.
///
/// A second request of the same job is a consent, and is signed only if decision, statement and version equal byte for
/// byte what `shown` was in the first; else the job answers StatementChanged.
public struct SignRequest: FrameValue {
    /// "login" or "consent".
    public var purpose: String
    /// Origin of the portal, as it stands in the text.
    public var portal: String
    /// The verification code, 15 digits; not for logs.
    public var code: String
    /// "accept" or "decline"; empty for a login.
    public var decision: String
    /// Version of the statement; empty for a login.
    public var statementVersion: String
    /// The statement; empty for a login.
    public var statement: String
    /// What the prompt shows before the PIN is entered.
    public var shown: ShownDeclaration
    /// The program that asked, as "name (pid)".
    public var requester: String
    /// Until when the prompt can be answered: seconds since 1970-01-01 UTC.
    public var deadline: Int64
    /// The same in seconds from now, for a clock that cannot be set.
    public var secondsLeft: UInt32
    /// Which signature this is, from 1.
    public var step: UInt32
    /// How many signatures there will be.
    public var steps: UInt32
    /// The signing-time attribute: seconds since 1970-01-01 UTC.
    public var signingTime: Int64
    /// Whether the person is asked to go on before the PIN is asked for.
    public var confirms: Bool
    /// Whether an application for renewal is filed after this login; the prompt says so.
    public var filesRenewal: Bool

    /// Creates the value from its fields.
    public init(
        purpose: String, portal: String, code: String, decision: String, statementVersion: String, statement: String,
        shown: ShownDeclaration, requester: String, deadline: Int64, secondsLeft: UInt32, step: UInt32, steps: UInt32,
        signingTime: Int64, confirms: Bool = false, filesRenewal: Bool = false
    ) {
        self.purpose = purpose
        self.portal = portal
        self.code = code
        self.decision = decision
        self.statementVersion = statementVersion
        self.statement = statement
        self.shown = shown
        self.requester = requester
        self.deadline = deadline
        self.secondsLeft = secondsLeft
        self.step = step
        self.steps = steps
        self.signingTime = signingTime
        self.confirms = confirms
        self.filesRenewal = filesRenewal
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        purpose = try reader.string("purpose")
        portal = try reader.string("portal")
        code = try reader.string("code")
        decision = try reader.string("decision")
        statementVersion = try reader.string("statementVersion")
        statement = try reader.string("statement")
        shown = try reader.value("shown")
        requester = try reader.string("requester")
        deadline = try reader.i64("deadline")
        secondsLeft = try reader.u32("secondsLeft")
        step = try reader.u32("step")
        steps = try reader.u32("steps")
        signingTime = try reader.i64("signingTime")
        confirms = try reader.bool("confirms")
        filesRenewal = try reader.bool("filesRenewal")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(purpose)
        writer.string(portal)
        writer.string(code)
        writer.string(decision)
        writer.string(statementVersion)
        writer.string(statement)
        writer.value(shown)
        writer.string(requester)
        writer.i64(deadline)
        writer.u32(secondsLeft)
        writer.u32(step)
        writer.u32(steps)
        writer.i64(signingTime)
        writer.bool(confirms)
        writer.bool(filesRenewal)
    }
}

/// The declaration that a person sees before entering the PIN.
public struct ShownDeclaration: FrameValue {
    /// "accept" or "decline"; empty where no declaration follows.
    public var decision: String
    /// The whole statement.
    public var statement: String
    /// Its version.
    public var statementVersion: String

    /// Creates the value from its fields.
    public init(decision: String, statement: String, statementVersion: String) {
        self.decision = decision
        self.statement = statement
        self.statementVersion = statementVersion
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        decision = try reader.string("decision")
        statement = try reader.string("statement")
        statementVersion = try reader.string("statementVersion")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(decision)
        writer.string(statement)
        writer.string(statementVersion)
    }
}
