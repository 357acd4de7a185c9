// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonayd` asks of `eonay-courier`, one at a time; `open` comes first.
public enum CourierRequest: FrameMessage {
    /// Speak to this portal from now on.
    case open(PortalEndpoint)
    /// Which statement is in force?
    case statement
    /// Begin a session for this identity number.
    case session(identity: String)
    /// What is this code for?
    case challenge(code: String)
    /// Hand in the signature made under this code.
    case submit(code: String, signature: [UInt8])
    /// Prove the session with the six digits.
    case confirm(number: String)
    /// Ask for a code for this decision.
    case decide(decision: String, statementVersion: String)
    /// Which consent is recorded?
    case status
    /// Fetch one record.
    case consent(reference: String)
    /// File an application of this kind.
    case apply(kind: String)
    /// Which is the newest application of this kind?
    case newestApplication(kind: String)
    /// Was this certificate revoked?
    case revocation(RevocationRequest)
    /// End the session.
    case end
}

/// Which portal a courier speaks to, and for how long it waits.
public struct PortalEndpoint: Codable, Sendable, Equatable {
    /// Scheme, host and port if not the default; no slash at the end.
    public var origin: String
    /// A PEM file of certificates to trust instead of the system's; empty for the system's.
    public var caFile: String
    /// Longest wait for a connection, in milliseconds.
    public var connectTimeout: UInt32
    /// Longest wait for an answer, in milliseconds.
    public var totalTimeout: UInt32

    /// Creates the value from its fields.
    public init(origin: String, caFile: String, connectTimeout: UInt32, totalTimeout: UInt32) {
        self.origin = origin
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
    }
}
