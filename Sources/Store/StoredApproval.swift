// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An approval as it survives the service. Strings are those of the bus contract; times are UTC seconds since 1970.
public struct StoredApproval: Sendable, Equatable {
    /// The kind of the caller's request.
    public enum Kind: String, Sendable {
        case approve
        case signCode = "sign-code"
        case renew
    }

    // Fixed when it is made.

    /// Unique for ever; chosen by the service, which starts from `Store.nextApprovalNumber()`.
    public var number: Int64
    public var kind: Kind
    /// The verification code that the caller brought; "" where `kind` needs none.
    public var code: String
    /// The caller's name for it; nil where none was given.
    public var handleToken: String?
    /// A digest of the call's arguments, to distinguish a repeated call from another one with the same token.
    public var fingerprint: [UInt8]
    public var certificate: String
    public var identityKey: [UInt8]
    public var portal: String
    public var startedAt: Int64

    // Written by `Store.update(_:)`.

    /// "accept" or "decline"; "" until a code has shown it.
    public var decision: String
    public var state: String
    /// Which signature of how many.
    public var step: Int
    public var steps: Int
    /// When the portal's code lapses; 0: none yet.
    public var deadline: Int64

    // Written by the store's own calls.

    /// Whether a signature may have reached the portal: it was handed over for submission.
    public var isSubmitted: Bool
    /// How it ended; nil while it has not.
    public var end: End?

    /// How an approval ended.
    public struct End: Sendable, Equatable {
        public var at: Int64
        /// "recorded", "signed", "failed", "cancelled" or "unknown".
        public var result: String
        /// An error name of the bus contract and its text; "" where none.
        public var error: String
        public var message: String
        /// A detail that narrows the error down, for programs; "" where there is none.
        public var errorDetail: String
        /// The portal's reference; "" where none.
        public var reference: String
        /// Six digits to type on the page that gave the code; "" where none.
        public var confirmationNumber: String

        public init(
            at: Int64, result: String, error: String = "", message: String = "", errorDetail: String = "",
            reference: String = "", confirmationNumber: String = ""
        ) {
            self.at = at
            self.result = result
            self.error = error
            self.message = message
            self.errorDetail = errorDetail
            self.reference = reference
            self.confirmationNumber = confirmationNumber
        }
    }

    public init(
        number: Int64, kind: Kind, code: String = "", handleToken: String?, fingerprint: [UInt8], certificate: String,
        identityKey: [UInt8], portal: String, startedAt: Int64, decision: String, state: String, step: Int = 0,
        steps: Int = 0, deadline: Int64 = 0, isSubmitted: Bool = false, end: End? = nil
    ) {
        self.number = number
        self.kind = kind
        self.code = code
        self.handleToken = handleToken
        self.fingerprint = fingerprint
        self.certificate = certificate
        self.identityKey = identityKey
        self.portal = portal
        self.startedAt = startedAt
        self.decision = decision
        self.state = state
        self.step = step
        self.steps = steps
        self.deadline = deadline
        self.isSubmitted = isSubmitted
        self.end = end
    }
}

/// A signature that an approval made.
public struct StoredSignature: Sendable, Equatable {
    /// "login" or "consent".
    public var step: String
    /// The verification code that it answers: with it, the same bytes can be submitted once more.
    public var code: String
    /// The CMS SignedData in DER.
    public var cms: [UInt8]
    /// UTC seconds since 1970.
    public var signedAt: Int64

    public init(step: String, code: String, cms: [UInt8], signedAt: Int64) {
        self.step = step
        self.code = code
        self.cms = cms
        self.signedAt = signedAt
    }
}

/// A decision that came to an end, for `History` and `Status`.
public struct HistoryEntry: Sendable, Equatable {
    /// UTC seconds since 1970.
    public var at: Int64
    public var certificate: String
    public var identityKey: [UInt8]
    /// "accept" or "decline".
    public var decision: String
    /// "recorded", "failed", "cancelled" or "unknown".
    public var result: String
    public var portal: String
    /// The portal's reference; "" where none.
    public var reference: String

    public init(
        at: Int64, certificate: String, identityKey: [UInt8], decision: String, result: String, portal: String,
        reference: String
    ) {
        self.at = at
        self.certificate = certificate
        self.identityKey = identityKey
        self.decision = decision
        self.result = result
        self.portal = portal
        self.reference = reference
    }
}
