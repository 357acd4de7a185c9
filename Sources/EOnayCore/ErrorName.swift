// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The errors of the bus contract, by their names without the prefix `org.eonay.EOnay1.Error.`.
///
/// Every layer reports a failure that a person or a program can act on by one of these.
public enum ErrorName: String, Error, Codable, Sendable, CaseIterable {
    case invalidArgument = "InvalidArgument"
    case noCertificate = "NoCertificate"
    case ambiguousCertificate = "AmbiguousCertificate"
    case noToken = "NoToken"
    case noReader = "NoReader"
    case noCardService = "NoCardService"
    case accessDenied = "AccessDenied"
    case noModule = "NoModule"
    case tokenBusy = "TokenBusy"
    case tokenRemoved = "TokenRemoved"
    case tokenFailed = "TokenFailed"
    case notQualified = "NotQualified"
    case certificateNotYetValid = "CertificateNotYetValid"
    case certificateExpired = "CertificateExpired"
    case certificateRevoked = "CertificateRevoked"
    case revocationUnknown = "RevocationUnknown"
    case untrustedIssuer = "UntrustedIssuer"
    case invalidIdentity = "InvalidIdentity"
    case identityMismatch = "IdentityMismatch"
    case invalidDecision = "InvalidDecision"
    case invalidCode = "InvalidCode"
    case codeExpired = "CodeExpired"
    case codeUsed = "CodeUsed"
    case statementChanged = "StatementChanged"
    case pinCancelled = "PinCancelled"
    case pinIncorrect = "PinIncorrect"
    case pinFinalTry = "PinFinalTry"
    case pinLocked = "PinLocked"
    case pinInvalid = "PinInvalid"
    case pinChangeRequired = "PinChangeRequired"
    case pinPromptUnavailable = "PinPromptUnavailable"
    case portalNotConfigured = "PortalNotConfigured"
    case portalUnreachable = "PortalUnreachable"
    case portalRefused = "PortalRefused"
    case portalUntrusted = "PortalUntrusted"
    case cancelled = "Cancelled"
    case limitExceeded = "LimitExceeded"
    case storeFailed = "StoreFailed"
    case `internal` = "Internal"
    // Added since, in the order in which they came.
    case noConsent = "NoConsent"
    case tooEarly = "TooEarly"
    case alreadyFiled = "AlreadyFiled"
    case certificateSuspended = "CertificateSuspended"
    case userNoticeMissing = "UserNoticeMissing"
    case ambiguousReader = "AmbiguousReader"
    case moduleUnusable = "ModuleUnusable"
    case stateInUse = "StateInUse"
    case promptDeferred = "PromptDeferred"
    case cardServiceMissing = "CardServiceMissing"
    case pinMismatch = "PinMismatch"
    case pukIncorrect = "PukIncorrect"
    case pukFinalTry = "PukFinalTry"
    case pukLocked = "PukLocked"
    case notSupported = "NotSupported"

    /// The prefix of each name on the bus.
    public static let busPrefix = "org.eonay.EOnay1.Error."

    /// The name as the bus carries it.
    public var busName: String { Self.busPrefix + rawValue }

    /// The exit status of `eonay` (eonay(1)). A status is never given a new meaning; a new error gets the next number.
    public var exitStatus: Int32 {
        switch self {
        case .internal: 1
        case .invalidArgument: 10
        case .noCertificate: 11
        case .ambiguousCertificate: 12
        case .noToken: 13
        case .noReader: 14
        case .noCardService: 15
        case .accessDenied: 16
        case .noModule: 17
        case .tokenBusy: 18
        case .tokenRemoved: 19
        case .tokenFailed: 20
        case .notQualified: 21
        case .certificateNotYetValid: 22
        case .certificateExpired: 23
        case .certificateRevoked: 24
        case .revocationUnknown: 25
        case .untrustedIssuer: 26
        case .invalidIdentity: 27
        case .identityMismatch: 28
        case .invalidDecision: 29
        case .invalidCode: 30
        case .codeExpired: 31
        case .codeUsed: 32
        case .statementChanged: 33
        case .pinCancelled: 34
        case .pinIncorrect: 35
        case .pinFinalTry: 36
        case .pinLocked: 37
        case .pinInvalid: 38
        case .pinChangeRequired: 39
        case .pinPromptUnavailable: 40
        case .portalNotConfigured: 41
        case .portalUnreachable: 42
        case .portalRefused: 43
        case .portalUntrusted: 44
        case .cancelled: 45
        case .limitExceeded: 46
        case .storeFailed: 47
        case .noConsent: 49
        case .tooEarly: 50
        case .alreadyFiled: 51
        case .certificateSuspended: 52
        case .userNoticeMissing: 53
        case .ambiguousReader: 54
        case .moduleUnusable: 55
        case .stateInUse: 56
        case .promptDeferred: 57
        case .cardServiceMissing: 58
        case .pinMismatch: 59
        case .pukIncorrect: 60
        case .pukFinalTry: 61
        case .pukLocked: 62
        case .notSupported: 63
        }
    }
}
