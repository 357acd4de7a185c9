// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The request of an `Approve`, `SignCode` or `Renew`.
public struct ApprovalRequest: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Log in, decide, sign the declaration.
        case approve(Decision)
        /// Sign what the portal asks for under this code.
        case signCode(VerificationCode)
        /// Log in and file the application for the certificate's renewal.
        case renew
    }

    public let kind: Kind
    /// The certificate's id.
    public let certificate: String
    public let portal: Origin
    /// The number that the certificate must bear, if the caller named one.
    public let identity: NationalIdentity?
    /// Seconds to wait for the card to be put in.
    public let wait: UInt32
    /// Whether to go on with the last PIN try.
    public let finalTry: Bool
    /// Whether the approval ends with its caller.
    public let isBound: Bool

    public init(
        kind: Kind, certificate: String, portal: Origin, identity: NationalIdentity? = nil, wait: UInt32 = 0,
        finalTry: Bool = false, isBound: Bool = false
    ) {
        self.kind = kind
        self.certificate = certificate
        self.portal = portal
        self.identity = identity
        self.wait = wait
        self.finalTry = finalTry
        self.isBound = isBound
    }

    /// How many signatures it takes.
    public var steps: UInt32 {
        switch kind {
        case .approve: 2
        case .signCode, .renew: 1
        }
    }
}
