// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The portal's answer to a signature.
public struct Submission: FrameValue {
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

    public init(from reader: inout FrameReader) throws(FrameError) {
        purpose = try reader.string("purpose")
        result = try reader.string("result")
        number = try reader.string("number")
        reference = try reader.string("reference")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(purpose)
        writer.string(result)
        writer.string(number)
        writer.string(reference)
    }
}
