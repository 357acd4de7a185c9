// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// The errors of the contract; the raw value is the full name on the bus.
public enum ContractError: String, CaseIterable, Sendable {
    case invalidArgument = "org.eonay.EOnay1.Error.InvalidArgument"
    case noCertificate = "org.eonay.EOnay1.Error.NoCertificate"
    case ambiguousCertificate = "org.eonay.EOnay1.Error.AmbiguousCertificate"
    case noToken = "org.eonay.EOnay1.Error.NoToken"
    case noReader = "org.eonay.EOnay1.Error.NoReader"
    case noCardService = "org.eonay.EOnay1.Error.NoCardService"
    case accessDenied = "org.eonay.EOnay1.Error.AccessDenied"
    case noModule = "org.eonay.EOnay1.Error.NoModule"
    case tokenBusy = "org.eonay.EOnay1.Error.TokenBusy"
    case tokenRemoved = "org.eonay.EOnay1.Error.TokenRemoved"
    case tokenFailed = "org.eonay.EOnay1.Error.TokenFailed"
    case notQualified = "org.eonay.EOnay1.Error.NotQualified"
    case certificateNotYetValid = "org.eonay.EOnay1.Error.CertificateNotYetValid"
    case certificateExpired = "org.eonay.EOnay1.Error.CertificateExpired"
    case certificateRevoked = "org.eonay.EOnay1.Error.CertificateRevoked"
    case revocationUnknown = "org.eonay.EOnay1.Error.RevocationUnknown"
    case untrustedIssuer = "org.eonay.EOnay1.Error.UntrustedIssuer"
    case invalidIdentity = "org.eonay.EOnay1.Error.InvalidIdentity"
    case identityMismatch = "org.eonay.EOnay1.Error.IdentityMismatch"
    case invalidDecision = "org.eonay.EOnay1.Error.InvalidDecision"
    case invalidCode = "org.eonay.EOnay1.Error.InvalidCode"
    case codeExpired = "org.eonay.EOnay1.Error.CodeExpired"
    case codeUsed = "org.eonay.EOnay1.Error.CodeUsed"
    case statementChanged = "org.eonay.EOnay1.Error.StatementChanged"
    case pinCancelled = "org.eonay.EOnay1.Error.PinCancelled"
    case pinIncorrect = "org.eonay.EOnay1.Error.PinIncorrect"
    case pinFinalTry = "org.eonay.EOnay1.Error.PinFinalTry"
    case pinLocked = "org.eonay.EOnay1.Error.PinLocked"
    case pinInvalid = "org.eonay.EOnay1.Error.PinInvalid"
    case pinChangeRequired = "org.eonay.EOnay1.Error.PinChangeRequired"
    case pinPromptUnavailable = "org.eonay.EOnay1.Error.PinPromptUnavailable"
    case portalNotConfigured = "org.eonay.EOnay1.Error.PortalNotConfigured"
    case portalUnreachable = "org.eonay.EOnay1.Error.PortalUnreachable"
    case portalRefused = "org.eonay.EOnay1.Error.PortalRefused"
    case portalUntrusted = "org.eonay.EOnay1.Error.PortalUntrusted"
    case cancelled = "org.eonay.EOnay1.Error.Cancelled"
    case limitExceeded = "org.eonay.EOnay1.Error.LimitExceeded"
    case storeFailed = "org.eonay.EOnay1.Error.StoreFailed"
    case `internal` = "org.eonay.EOnay1.Error.Internal"

    public static let prefix = "org.eonay.EOnay1.Error."

    /// The name without its prefix, as in `Hindrances` and in what the jobs report.
    public var shortName: String { String(rawValue.dropFirst(Self.prefix.count)) }

    /// From a name without its prefix.
    public init?(shortName: String) {
        self.init(rawValue: Self.prefix + shortName)
    }

    /// From what the bus brought; nil if it is no error of the contract.
    public init?(_ error: BusError) {
        self.init(rawValue: error.name)
    }

    /// As the answer to a call, with a text for people.
    public func busError(_ message: String) -> BusError {
        BusError(name: rawValue, message: message)
    }
}
