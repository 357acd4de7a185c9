// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks for a judgement on a CAdES signature.
public struct VerifyRequest: FrameValue {
    /// The CMS SignedData, DER or PEM.
    public var signature: [UInt8]
    /// What was signed, where the signature is detached.
    public var content: [UInt8]?
    /// Trusted certificates, each DER or PEM.
    public var trust: [[UInt8]]
    /// The moment to judge at: seconds since 1970-01-01 UTC.
    public var at: Int64

    /// Creates the value from its fields.
    public init(signature: [UInt8], content: [UInt8]?, trust: [[UInt8]], at: Int64) {
        self.signature = signature
        self.content = content
        self.trust = trust
        self.at = at
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        signature = try reader.bytes("signature")
        content = try reader.optionalBytes("content")
        trust = try reader.byteStrings("trust")
        at = try reader.i64("at")
    }

    public func write(to writer: inout FrameWriter) {
        writer.bytes(signature)
        writer.optionalBytes(content)
        writer.byteStrings(trust)
        writer.i64(at)
    }
}
