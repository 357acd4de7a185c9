// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The portal's problems by name (contract/portal.md): `type` is `urn:eonay:problem:NAME`.
public enum ProblemName: String, Codable, Sendable, CaseIterable {
    case invalidIdentity = "invalid-identity"
    case tooManyCodes = "too-many-codes"
    case unknownCode = "unknown-code"
    case codeLapsed = "code-lapsed"
    case codeUsed = "code-used"
    case tooLarge = "too-large"
    case badSignature = "bad-signature"
    case identityMismatch = "identity-mismatch"
    case textMismatch = "text-mismatch"
    case certificateExpired = "certificate-expired"
    case certificateNotYetValid = "certificate-not-yet-valid"
    case untrustedIssuer = "untrusted-issuer"
    case notQualified = "not-qualified"
    case certificateRevoked = "certificate-revoked"
    case revocationUnknown = "revocation-unknown"
    case wrongNumber = "wrong-number"
    case noSession = "no-session"
    case notLoggedIn = "not-logged-in"
    case staleStatement = "stale-statement"
    case invalidDecision = "invalid-decision"
    case notFound = "not-found"
    case noConsent = "no-consent"
    case tooEarly = "too-early"
    case alreadyFiled = "already-filed"

    /// The prefix of each name in a problem's `type`.
    public static let urnPrefix = "urn:eonay:problem:"

    /// The `type` of the problem details (RFC 9457).
    public var urn: String { Self.urnPrefix + rawValue }

    /// The problem that a `type` names; nil for one that this version does not know.
    public init?(urn: String) {
        guard urn.hasPrefix(Self.urnPrefix) else { return nil }
        self.init(rawValue: String(urn.dropFirst(Self.urnPrefix.count)))
    }

    /// The HTTP status that goes with the problem, and what the desktop calls it on the bus. The one table of both.
    private var row: (status: Int, error: ErrorName) {
        switch self {
        case .invalidIdentity: (422, .invalidIdentity)
        case .tooManyCodes: (429, .portalRefused)
        case .unknownCode: (404, .invalidCode)
        case .codeLapsed: (410, .codeExpired)
        case .codeUsed: (410, .codeUsed)
        case .tooLarge: (413, .portalRefused)
        case .badSignature: (422, .portalRefused)
        case .identityMismatch: (422, .identityMismatch)
        case .textMismatch: (422, .portalRefused)
        case .certificateExpired: (422, .certificateExpired)
        case .certificateNotYetValid: (422, .certificateNotYetValid)
        case .untrustedIssuer: (422, .untrustedIssuer)
        case .notQualified: (422, .notQualified)
        case .certificateRevoked: (422, .certificateRevoked)
        case .revocationUnknown: (503, .revocationUnknown)
        case .wrongNumber: (403, .portalRefused)
        case .noSession: (401, .portalRefused)
        case .notLoggedIn: (401, .portalRefused)
        case .staleStatement: (409, .statementChanged)
        case .invalidDecision: (422, .invalidDecision)
        case .notFound: (404, .portalRefused)
        case .noConsent: (409, .noConsent)
        case .tooEarly: (409, .tooEarly)
        case .alreadyFiled: (409, .alreadyFiled)
        }
    }

    /// The HTTP status that the portal answers with.
    public var status: Int { row.status }

    /// The problem's name on the bus. Where that is `PortalRefused`, the problem's own name is the detail.
    public var errorName: ErrorName { row.error }
}
