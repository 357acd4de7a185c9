// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Texts

/// Why a call fails: a problem of the contract, or one of the few that any HTTP server has. This file has all that the
/// portal says about a problem: its status, its title for programs and logs, and its words on pages.
struct PortalProblem: Error, Equatable {
    enum Kind: Equatable {
        case contract(ProblemName)
        case server(ServerProblem)
    }

    let kind: Kind
    /// Seconds after which a new try makes sense.
    var retryAfter: Int64?
    /// The methods that the path accepts, for Allow.
    var allowed: String?
    /// The certificate is not revoked for good: it is not opened yet, or suspended. Only certificate-revoked has this.
    var isOnHold = false

    init(_ name: ProblemName, retryAfter: Int64? = nil) {
        kind = .contract(name)
        self.retryAfter = retryAfter
    }

    private init(_ problem: ServerProblem, retryAfter: Int64? = nil) {
        kind = .server(problem)
        self.retryAfter = retryAfter
    }

    static let badRequest = PortalProblem(.badRequest)
    static let overloaded = PortalProblem(.overloaded, retryAfter: 30)
    static let forgedForm = PortalProblem(.forgedForm)
    static let tooSlow = PortalProblem(.tooSlow)
    static let unsupportedMediaType = PortalProblem(.unsupportedMediaType)
    static let unwell = PortalProblem(.unwell, retryAfter: 10)
    static let notTheProxy = PortalProblem(.notTheProxy)
    static let `internal` = PortalProblem(.internal)

    static func tooManyRequests(retryAfter: Int64) -> PortalProblem {
        PortalProblem(.tooManyRequests, retryAfter: retryAfter)
    }

    static func methodNotAllowed(_ allowed: String) -> PortalProblem {
        var problem = PortalProblem(.methodNotAllowed)
        problem.allowed = allowed
        return problem
    }

    static let certificateSuspended: PortalProblem = {
        var problem = PortalProblem(.certificateRevoked)
        problem.isOnHold = true
        return problem
    }()

    var name: String {
        switch kind {
        case .contract(let name): name.rawValue
        case .server(let problem): problem.rawValue
        }
    }

    var status: Int {
        switch kind {
        case .contract(let name): name.status
        case .server(let problem): problem.row.status
        }
    }

    var type: String { ProblemName.urnPrefix + name }

    /// The answer's addition to the type (`ProblemDetails.reason`).
    var reason: String? { isOnHold ? ProblemDetails.onHold : nil }

    /// One sentence for programs and logs.
    var title: String {
        if isOnHold { return "The certificate has not been opened yet, or is suspended." }
        switch kind {
        case .contract(let name): return name.title
        case .server(let problem): return problem.row.title
        }
    }
}

/// The problems that are not in the contract.
enum ServerProblem: String, CaseIterable {
    /// The request is not one of the contract's: no JSON, a member missing, a field that cannot be.
    case badRequest = "bad-request"
    /// A form without this page's token, or from another site.
    case forgedForm = "forged-form"
    /// Plain HTTP from a client that is not the configured proxy.
    case notTheProxy = "not-the-proxy"
    case methodNotAllowed = "method-not-allowed"
    /// The body did not come in in time.
    case tooSlow = "too-slow"
    case unsupportedMediaType = "unsupported-media-type"
    /// Too many look-ups of unknown codes from one address, or signatures under one code.
    case tooManyRequests = "too-many-requests"
    /// Something is broken here; the log says what.
    case `internal` = "internal"
    /// There is no more room; work in progress goes on.
    case overloaded = "overloaded"
    /// The portal cannot read or write its database.
    case unwell = "unwell"

    fileprivate var row: (status: Int, title: String) {
        switch self {
        case .badRequest: (400, "The request is not one that the contract knows.")
        case .forgedForm: (403, "The form did not come from this site's page.")
        case .notTheProxy: (403, "The portal accepts plain HTTP from its configured proxies alone.")
        case .methodNotAllowed: (405, "This path does not accept the method.")
        case .tooSlow: (408, "The body did not come in in time.")
        case .unsupportedMediaType: (415, "The body is of another media type than the contract names.")
        case .tooManyRequests: (429, "Too many requests came from this address or under this code; wait.")
        case .internal: (500, "The portal failed.")
        case .overloaded: (503, "There is no more room at the moment; try again later.")
        case .unwell: (503, "The portal cannot record anything at the moment.")
        }
    }
}

extension ProblemName {
    fileprivate var title: String {
        switch self {
        case .invalidIdentity: "This is not a T.C. Kimlik No."
        case .tooManyCodes: "Too many codes were requested; wait before requesting another."
        case .unknownCode: "There is no such code."
        case .codeLapsed: "The code has lapsed."
        case .codeUsed: "The code was used."
        case .tooLarge: "The body is longer than the portal reads."
        case .badSignature: "This is not a CAdES-B-B signature by exactly one signer with its content attached."
        case .identityMismatch: "The certificate is another person's."
        case .textMismatch: "The signed text is not the one that this code stands for."
        case .certificateExpired: "The certificate has expired."
        case .certificateNotYetValid: "The certificate is not yet valid."
        case .untrustedIssuer: "The certificate's issuer is not among those that the portal trusts."
        case .notQualified: "The certificate is not a qualified one for signatures."
        case .certificateRevoked: "The certificate was revoked."
        case .revocationUnknown: "The portal could not find out whether the certificate was revoked; try again."
        case .wrongNumber: "This is not the number that the signer was given."
        case .noSession: "There is no such session, or it has ended."
        case .notLoggedIn: "The session is not signed in."
        case .staleStatement: "The statement has a newer version; read that one."
        case .invalidDecision: "A decision is accept or decline."
        case .notFound: "There is nothing here."
        case .noConsent: "No accepted consent stands."
        case .tooEarly: "A renewal opens only shortly before the certificate's end."
        case .alreadyFiled: "This application was filed before."
        }
    }
}

// MARK: Refused signatures

extension PortalProblem {
    /// The word by which the store remembers why a signature was refused.
    var refusal: String { isOnHold ? Self.suspended : name }

    private static let suspended = "certificate-suspended"

    /// The problem of a word that the store remembers; nil for an unknown one.
    init?(refusal: String) {
        if refusal == Self.suspended {
            self = .certificateSuspended
        } else if let name = ProblemName(rawValue: refusal) {
            self.init(name)
        } else {
            return nil
        }
    }

    /// Why a signature was refused, and what to do about it at the page that shows the code.
    func refusalWords(_ texts: Texts) -> (what: String, remedy: String) {
        guard case .contract(let problem) = kind else { return (texts.text("This did not work"), "") }
        if isOnHold {
            let text = texts.error(.certificateSuspended)
            return (text.what, text.remedy)
        }
        let what = texts.error(problem.errorName).what
        // The remedies of `texts.error` name commands, which are no help at a page.
        switch problem {
        case .badSignature:
            return (
                texts.text("This is not a signature that the portal can accept."),
                texts.text("Sign the code with E-Onay.")
            )
        case .textMismatch:
            return (
                texts.text("The signed text is not the text of this code."),
                texts.text("Sign the code that this page shows.")
            )
        case .identityMismatch:
            return (what, texts.text("Sign with your own card, under your own number."))
        case .certificateExpired:
            return (
                what,
                texts.text(
                    "Apply for a new certificate on paper: one that has expired cannot be renewed electronically.")
            )
        case .certificateNotYetValid:
            return (what, texts.text("Use another card, or try again when its validity has begun."))
        case .untrustedIssuer: return (what, texts.text("Ask the operator of this portal which issuers it accepts."))
        case .notQualified: return (what, texts.text("Sign with the card that bears your qualified certificate (NES)."))
        case .certificateRevoked: return (what, texts.text("Contact the provider that issued it."))
        case .revocationUnknown: return (what, texts.text("Sign once more in a minute."))
        // None of these refuses a signature under a code that is open.
        case .invalidIdentity, .tooManyCodes, .unknownCode, .codeLapsed, .codeUsed, .tooLarge, .wrongNumber, .noSession,
            .notLoggedIn, .staleStatement, .invalidDecision, .notFound, .noConsent, .tooEarly, .alreadyFiled:
            return (what, texts.text("Sign the code with E-Onay."))
        }
    }
}

// MARK: Pages

extension PortalProblem {
    /// The page about the problem: the failure in a person's words, and the one thing to do next.
    func page(_ texts: Texts) -> ProblemPage {
        switch kind {
        case .contract(.notLoggedIn), .contract(.noSession):
            ProblemPage(
                what: texts.text("You are not signed in"),
                remedy: texts.text("The session has ended, or was begun in another browser."),
                next: "/login", nextName: texts.text("Sign in with e-signature"))
        case .contract(.tooManyCodes):
            ProblemPage(
                what: texts.text("Too many codes were requested"), remedy: wait(texts),
                next: "/login", nextName: texts.text("Sign in with e-signature"))
        case .server(.forgedForm):
            ProblemPage(
                what: texts.text("This page is out of date"),
                remedy: texts.text("It was opened too long ago, or its cookies are missing. Nothing was sent."),
                next: "/next", nextName: texts.text("Load it again"))
        case .contract(.noConsent):
            ProblemPage(
                what: texts.text("No E-Onay stands"),
                remedy: texts.text("An application can be filed here only while an accepted E-Onay stands."),
                next: "/choice", nextName: texts.text("Give E-Onay"))
        case .contract(.tooEarly):
            ProblemPage(
                what: texts.text("It is too early for a renewal"),
                remedy: texts.text("A renewal opens shortly before the certificate ends."),
                next: "/applications", nextName: texts.text("See when it opens"))
        case .contract(.alreadyFiled):
            ProblemPage(
                what: texts.text("This application was filed before"),
                remedy: texts.text("It is on your page; there is nothing more to do."),
                next: "/account", nextName: texts.text("My page"))
        case .contract(.notFound):
            ProblemPage(
                what: texts.text("There is no such page"),
                remedy: texts.text("The address is wrong, or its record belongs to another person."),
                next: "/", nextName: texts.text("Start"))
        case .server(.tooManyRequests), .server(.overloaded):
            ProblemPage(
                what: texts.text("This site is very busy at the moment"), remedy: wait(texts),
                next: "/next", nextName: texts.text("Go on"))
        // Refused before anything was done.
        case .server(.badRequest), .contract(.tooLarge), .server(.tooSlow), .server(.unsupportedMediaType),
            .server(.methodNotAllowed):
            ProblemPage(
                what: texts.text("This did not work"),
                remedy: texts.text("Nothing was recorded. Go back to where you were and try again."),
                next: "/next", nextName: texts.text("Go on"))
        // A failure may come after the work was done. The others have pages of their own, or come from signatures.
        case .server(.internal), .server(.unwell), .server(.notTheProxy), .contract(.invalidIdentity),
            .contract(.unknownCode), .contract(.codeLapsed), .contract(.codeUsed), .contract(.badSignature),
            .contract(.identityMismatch), .contract(.textMismatch), .contract(.certificateExpired),
            .contract(.certificateNotYetValid), .contract(.untrustedIssuer), .contract(.notQualified),
            .contract(.certificateRevoked), .contract(.revocationUnknown), .contract(.wrongNumber),
            .contract(.staleStatement), .contract(.invalidDecision):
            ProblemPage(
                what: texts.text("This did not work"),
                remedy: texts.text(
                    "Before you try again, check on your page whether your choice or application was recorded."),
                next: "/next", nextName: texts.text("Go on"))
        }
    }

    private func wait(_ texts: Texts) -> String {
        texts.text("Wait %1, then try again.", texts.duration(seconds: retryAfter ?? 60))
    }
}
