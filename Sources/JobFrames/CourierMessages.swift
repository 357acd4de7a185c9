// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// A request of `eonayd` to `eonay-courier`. The requests come one at a time, `open` first.
public enum CourierRequest: FrameMessage {
    /// Speak to this portal from now on.
    case open(PortalEndpoint)
    /// Ask the portal this.
    case question(PortalQuestion)
    /// Was this certificate revoked? No portal need be open.
    case revocation(RevocationRequest)
    /// End the session.
    case end
}

/// Which portal a courier speaks to, and for how long it waits.
public struct PortalEndpoint: Codable, Sendable, Equatable {
    public var origin: Origin
    /// A PEM file of certificates to trust instead of the system's; empty for the system's.
    public var caFile: String
    /// Longest wait for a connection, in milliseconds.
    public var connectTimeout: UInt32
    /// Longest wait for an answer, in milliseconds.
    public var totalTimeout: UInt32

    /// Creates the value from its fields.
    public init(origin: Origin, caFile: String, connectTimeout: UInt32, totalTimeout: UInt32) {
        self.origin = origin
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
    }
}

/// Asks whether a certificate was revoked.
public struct RevocationRequest: Codable, Sendable, Equatable {
    /// The certificate, DER.
    public var certificate: [UInt8]
    /// Its issuer's certificate, DER; nil where the courier shall fetch it by the AIA extension.
    public var issuer: [UInt8]?
    /// Longest wait in milliseconds.
    public var timeout: UInt32

    /// Creates the value from its fields.
    public init(certificate: [UInt8], issuer: [UInt8]?, timeout: UInt32) {
        self.certificate = certificate
        self.issuer = issuer
        self.timeout = timeout
    }
}

/// The replies of `eonay-courier`: one to each request.
public enum CourierReply: FrameMessage {
    /// The portal is set; nothing was sent yet.
    case opened
    /// The statements in force.
    case statement(OfferedStatement)
    /// A code and what it is for.
    case code(OfferedCode)
    /// The portal accepted the signature.
    case receipt(PortalReceipt)
    /// The portal accepted the number; whether the session is logged in by that.
    case confirmed(isLoggedIn: Bool)
    /// The portal accepted the application.
    case filed(reference: String)
    /// The newest application for a renewal; nil where there is none.
    case newestApplication(reference: String?)
    /// The certificate's state of revocation.
    case revocation(RevocationAnswer)
    /// The session is over.
    case ended
    /// The request failed.
    case failed(JobFailure)
}

/// The word of an OCSP responder or a revocation list on a certificate (RFC 6960, 2.2).
public enum RevocationAnswer: String, Codable, CaseIterable, Sendable {
    /// Not revoked.
    case good
    /// Revoked.
    case revoked
    /// On hold: not opened yet, or suspended (certificateHold, RFC 5280, 5.3.1).
    case suspended
    /// The responder does not know the certificate.
    case unknown
    /// There was no reliable answer.
    case unreachable
}
