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

/// A person's decision about E-Onay. The raw value is the word of the bus and of the portal's calls.
public enum Decision: String, Codable, Sendable, CaseIterable {
    case accept
    case decline

    /// The words of the signed text's `Karar` line.
    public var signedWords: String {
        switch self {
        case .accept: "KABUL EDİYORUM"
        case .decline: "KABUL ETMİYORUM"
        }
    }

    /// The name of a recorded decision in `Status` and at the portal.
    public var recorded: String {
        switch self {
        case .accept: "accepted"
        case .decline: "declined"
        }
    }
}

/// The facts in memory about the card and the certificate before a job has looked.
public struct ApprovalFacts: Sendable, Equatable {
    public let validity: Validity
    /// Why the certificate is not usable, time aside.
    public let hindrances: [ErrorName]
    public let pinState: PINState
    /// Why the card cannot sign although its certificates could be read: the driver that it needs is not there.
    public let missingDriver: ApprovalFailure?

    public init(
        validity: Validity, hindrances: [ErrorName], pinState: PINState, missingDriver: ApprovalFailure? = nil
    ) {
        self.validity = validity
        self.hindrances = hindrances
        self.pinState = pinState
        self.missingDriver = missingDriver
    }

    /// Throws what forbids an approval, before a person is asked for anything.
    func check(finalTry: Bool, at now: Int64) throws(ApprovalFailure) {
        if now < validity.notBefore { throw ApprovalFailure(.certificateNotYetValid) }
        if now >= validity.expiry { throw ApprovalFailure(.certificateExpired) }
        if let hindrance = hindrances.first { throw ApprovalFailure(hindrance) }
        if let missingDriver { throw missingDriver }
        try pinState.check(finalTry: finalTry)
    }
}

/// The signer that the token job found when it made ready to sign.
public struct ApprovalSigner: Sendable, Equatable {
    /// The number that the certificate bears.
    public let identity: NationalIdentity
    public let pinState: PINState
    /// Whether the certificate names a responder that can be asked if it was revoked.
    public let namesResponder: Bool

    public init(identity: NationalIdentity, pinState: PINState, namesResponder: Bool = false) {
        self.identity = identity
        self.pinState = pinState
        self.namesResponder = namesResponder
    }
}
