// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The errors of the bus contract, by their names without the prefix `org.eonay.EOnay1.Error.`.
///
/// Every layer that fails in a way somebody can act on says so by one of these.
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
    // Added since; in the order in which they came, which numbers the end statuses of `eonay`.
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

    /// What stands before each name on the bus.
    public static let busPrefix = "org.eonay.EOnay1.Error."

    /// The name as the bus carries it.
    public var busName: String { Self.busPrefix + rawValue }
}
