// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// A request of `eonayd` to `eonay-courier`. The requests come one at a time, `open` first.
public enum CourierRequest: FrameMessage {
    /// Speak to this portal from now on. `caFile` is a PEM file of certificates to trust instead of the system's, empty for the system's;
    /// the timeouts are the longest waits for a connection and for an answer, in milliseconds.
    case open(Origin, caFile: String, connectTimeout: UInt32, totalTimeout: UInt32)
    /// Ask the portal this.
    case question(PortalQuestion)
    /// Was this certificate (DER) revoked? No portal need be open. The issuer's certificate is nil where the courier shall fetch it by
    /// the AIA extension; `takesLists` says whether the issuer's list may answer where no responder does; `timeout` is the longest wait
    /// in milliseconds.
    case revocation(certificate: [UInt8], issuer: [UInt8]?, takesLists: Bool, timeout: UInt32)
    /// Does a server answer at this address, and when does it say that it is? `caFile` is as in `open`, `timeout` in milliseconds.
    case probe(address: String, caFile: String, timeout: UInt32)
    /// End the session.
    case end
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
    /// The server's HTTP status, and the second of its `Date` field, where it sends one.
    case probed(status: UInt32, date: Int64?)
    /// The session is over.
    case ended
    /// The request failed.
    case failed(JobFailure)
}

/// The word of an OCSP responder or a revocation list on a certificate (RFC 6960, 2.2), or why there is none.
public struct RevocationAnswer: Codable, Sendable, Equatable {
    /// The certificate's state; `unknown` where the responder does not know the certificate, or where there is no reliable answer.
    public var state: RevocationState
    /// Since when it is suspended or revoked, UTC seconds since 1970; 0 otherwise, and where that is not told.
    public var since: Int64
    /// Why; nil where it is good, or where that is not told.
    public var reason: RevocationReason?
    /// When this was known to be right, UTC seconds since 1970; 0 without an answer.
    public var thisUpdate: Int64
    /// A stable word for the reason why no answer is reliable, such as "timeout"; empty where one is.
    public var trouble: String

    /// An answer that can be relied on.
    public init(_ state: RevocationState, since: Int64 = 0, reason: RevocationReason? = nil, thisUpdate: Int64) {
        (self.state, self.since, self.reason, self.thisUpdate) = (state, since, reason, thisUpdate)
        trouble = ""
    }

    /// No answer, because of this.
    public init(unreachable trouble: String) {
        (state, since, reason, thisUpdate) = (.unknown, 0, nil, 0)
        self.trouble = trouble.isEmpty ? "unreachable" : trouble
    }

    /// Whether it can be relied on.
    public var isReliable: Bool { trouble.isEmpty }
}
