// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract

/// Why a call fails: a problem of the contract, or one of the few that any HTTP server knows.
struct PortalProblem: Error, Equatable {
    let name: String
    let status: Int
    /// Seconds after which a new try makes sense.
    let retryAfter: Int64?
    /// What the answer adds to the name (`ProblemDetails.reason`).
    let reason: String?
    /// The methods that would do, for Allow.
    let allowed: String?

    private init(
        name: String, status: Int, retryAfter: Int64? = nil, reason: String? = nil, allowed: String? = nil
    ) {
        self.name = name
        self.status = status
        self.retryAfter = retryAfter
        self.reason = reason
        self.allowed = allowed
    }

    init(_ name: ProblemName, retryAfter: Int64? = nil) {
        self.init(name: name.rawValue, status: name.status, retryAfter: retryAfter)
    }

    /// Of the contract's problems this is certificate-revoked; the reason says that it can be taken back.
    static let certificateSuspended = PortalProblem(
        name: ProblemName.certificateRevoked.rawValue, status: ProblemName.certificateRevoked.status,
        reason: ProblemDetails.onHold)

    /// The request is not one of the contract's: no JSON, a member missing, a header that cannot be.
    static let badRequest = PortalProblem(name: "bad-request", status: 400)
    /// There is no more room; what is under way goes on.
    static let overloaded = PortalProblem(name: "overloaded", status: 503, retryAfter: 30)
    /// A form without this page's token, or from another site.
    static let forgedForm = PortalProblem(name: "forged-form", status: 403)
    /// The body did not come in in time.
    static let tooSlow = PortalProblem(name: "too-slow", status: 408)
    /// Not the media type that the contract names.
    static let unsupportedMediaType = PortalProblem(name: "unsupported-media-type", status: 415)
    /// The database cannot be read or written to.
    static let unwell = PortalProblem(name: "unwell", status: 503, retryAfter: 10)
    /// Something is broken here; the log says what.
    static let `internal` = PortalProblem(name: "internal", status: 500)

    /// Too many look-ups of unknown codes from one address.
    static func tooManyRequests(retryAfter: Int64) -> PortalProblem {
        PortalProblem(name: "too-many-requests", status: 429, retryAfter: retryAfter)
    }

    /// There is something at this path, by other methods.
    static func methodNotAllowed(_ allowed: String) -> PortalProblem {
        PortalProblem(name: "method-not-allowed", status: 405, allowed: allowed)
    }

    var type: String { ProblemName.urnPrefix + name }

    /// One sentence for who reads an answer or a log.
    var title: String {
        reason == ProblemDetails.onHold
            ? "The certificate has not been opened yet, or is suspended." : Self.titles[name] ?? "The request failed."
    }

    /// What the page that shows a code is told of a refusal: the name, or a more exact word of this portal's own.
    var refusal: String { reason == ProblemDetails.onHold ? Self.suspendedRefusal : name }

    static let suspendedRefusal = "certificate-suspended"

    private static let titles: [String: String] = [
        "invalid-identity": "This is no T.C. Kimlik No.",
        "too-many-codes": "Too many codes were asked for; wait before asking for another.",
        "unknown-code": "There is no such code.",
        "code-lapsed": "The code has lapsed.",
        "code-used": "The code was used.",
        "too-large": "The body is longer than the portal reads.",
        "bad-signature": "This is no CAdES-B-B signature with its content attached by exactly one signer.",
        "identity-mismatch": "The certificate is another person's.",
        "text-mismatch": "The signed text is not the one that this code stands for.",
        "certificate-expired": "The certificate has expired.",
        "certificate-not-yet-valid": "The certificate is not yet valid.",
        "untrusted-issuer": "The certificate's issuer is not among those that the portal trusts.",
        "not-qualified": "The certificate is not a qualified one for signatures.",
        "certificate-revoked": "The certificate was revoked.",
        "revocation-unknown": "It could not be found out whether the certificate was revoked; try again.",
        "wrong-number": "This is not the number that was given to the signer.",
        "no-session": "There is no such session, or it has ended.",
        "not-logged-in": "The session is not signed in.",
        "stale-statement": "The statement has a newer version; read that one.",
        "invalid-decision": "A decision is accept or decline.",
        "not-found": "There is nothing here.",
        "no-consent": "No accepted consent stands.",
        "too-early": "A renewal can be applied for only shortly before the certificate's end.",
        "already-filed": "This application was filed before.",
        "bad-request": "The request is not one that the contract knows.",
        "method-not-allowed": "What is at this path is asked by another method.",
        "overloaded": "There is no more room at the moment; come again in a while.",
        "forged-form": "The form did not come from this site's page.",
        "too-slow": "The body did not come in in time.",
        "unsupported-media-type": "The body is of another media type than the contract names.",
        "unwell": "The portal cannot record anything at the moment.",
        "internal": "The portal failed.",
        "too-many-requests": "Too much was asked for from this address or under this code; wait.",
    ]
}
