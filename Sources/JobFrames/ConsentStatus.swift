// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Which consent the portal has of a person.
public struct ConsentStatus: FrameValue {
    /// "none", "accepted" or "declined".
    public var consent: String
    /// Since when: seconds since 1970-01-01 UTC; 0 where there is none.
    public var since: Int64
    /// The record's reference; empty where there is none.
    public var reference: String

    /// Creates the value from its fields.
    public init(consent: String, since: Int64, reference: String) {
        self.consent = consent
        self.since = since
        self.reference = reference
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        consent = try reader.string("consent")
        since = try reader.i64("since")
        reference = try reader.string("reference")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(consent)
        writer.i64(since)
        writer.string(reference)
    }
}
