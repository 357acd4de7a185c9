// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One consent as the portal recorded it.
public struct ConsentRecord: FrameValue {
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

    public init(from reader: inout FrameReader) throws(FrameError) {
        reference = try reader.string("reference")
        decision = try reader.string("decision")
        at = try reader.i64("at")
        statementVersion = try reader.string("statementVersion")
        text = try reader.string("text")
        signature = try reader.bytes("signature")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(reference)
        writer.string(decision)
        writer.i64(at)
        writer.string(statementVersion)
        writer.string(text)
        writer.bytes(signature)
    }
}
