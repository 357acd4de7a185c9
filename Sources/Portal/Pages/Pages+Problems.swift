// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import Texts

/// What went wrong, in a person's words, and the one thing to do next.
extension Pages {
    func problem(_ problem: PortalProblem, _ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await visit(request, context)
        let words = Self.words(problem, visit.texts)
        var response = render(
            .problem, visit,
            ["what": words.what, "remedy": words.remedy, "next": words.next, "nextName": words.nextName],
            status: HTTPResponse.Status(code: problem.status))
        response.headers.addHints(of: problem)
        return response
    }

    /// Why a signature was not taken (`PortalProblem.refusal`), and what to do about it; nil for a word that is unknown.
    static func words(ofRefusal refusal: String, _ texts: Texts) -> (what: String, remedy: String)? {
        guard refusal != PortalProblem.suspendedRefusal else {
            let text = texts.error(ErrorName.certificateSuspended.rawValue)
            return (text.what, text.remedy)
        }
        return ProblemName(rawValue: refusal).map { words(ofRefusal: $0, texts) }
    }

    /// Why a signature was not taken, and what to do about it under the same code.
    static func words(ofRefusal problem: ProblemName, _ texts: Texts) -> (what: String, remedy: String) {
        let what =
            switch problem {
            case .badSignature: texts.text("What was sent is no signature that this portal can take.")
            case .textMismatch: texts.text("What was signed is not what this code stands for.")
            default: texts.error(problem.errorName.rawValue).what
            }
        return (what, remedy(of: problem, texts))
    }

    /// What to do at this page; a bus client's remedies speak of commands.
    private static func remedy(of problem: ProblemName, _ texts: Texts) -> String {
        switch problem {
        case .textMismatch: texts.text("Sign the code that this page shows.")
        case .identityMismatch: texts.text("Sign with your own card, under your own number.")
        case .certificateExpired:
            texts.text("Apply for a new certificate on paper: one that has expired cannot be renewed electronically.")
        case .certificateNotYetValid: texts.text("Use another card, or come back when its validity has begun.")
        case .untrustedIssuer: texts.text("Ask who runs this portal which issuers it accepts.")
        case .notQualified: texts.text("Sign with the card that bears your qualified certificate (NES).")
        case .certificateRevoked: texts.text("Turn to the provider that issued it.")
        case .revocationUnknown: texts.text("Sign once more in a minute.")
        default: texts.text("Sign the code with E-Onay.")
        }
    }

    private struct Words {
        let what: String
        let remedy: String
        let next: String
        let nextName: String
    }

    private static func words(_ problem: PortalProblem, _ texts: Texts) -> Words {
        switch problem.name {
        case "not-logged-in", "no-session":
            Words(
                what: texts.text("You are not signed in"),
                remedy: texts.text("The session has ended, or was begun in another browser."),
                next: "/login", nextName: texts.text("Sign in with e-signature"))
        case "too-many-codes":
            Words(
                what: texts.text("Too many codes were asked for"),
                remedy: texts.text("Wait %1, then try again.", texts.duration(seconds: problem.retryAfter ?? 60)),
                next: "/login", nextName: texts.text("Sign in with e-signature"))
        case "forged-form":
            Words(
                what: texts.text("This page is out of date"),
                remedy: texts.text("It was opened too long ago, or its cookies are missing. Nothing was sent."),
                next: "/next", nextName: texts.text("Load it again"))
        case "no-consent":
            Words(
                what: texts.text("No E-Onay stands"),
                remedy: texts.text("An application can be filed here only while an accepted E-Onay stands."),
                next: "/choice", nextName: texts.text("Give E-Onay"))
        case "too-early":
            Words(
                what: texts.text("It is too early for a renewal"),
                remedy: texts.text("A renewal opens shortly before the certificate ends."),
                next: "/applications", nextName: texts.text("See when it opens"))
        case "already-filed":
            Words(
                what: texts.text("This application was filed before"),
                remedy: texts.text("It stands on your page; there is nothing more to do."),
                next: "/account", nextName: texts.text("My page"))
        case "not-found":
            Words(
                what: texts.text("There is no such page"),
                remedy: texts.text("The address is wrong, or what it led to is another person's."),
                next: "/", nextName: texts.text("Start"))
        case "too-many-requests", "overloaded":
            Words(
                what: texts.text("Too much is asked of this site at the moment"),
                remedy: texts.text("Wait %1, then try again.", texts.duration(seconds: problem.retryAfter ?? 60)),
                next: "/next", nextName: texts.text("Go on"))
        // Refused before anything was done.
        case "bad-request", "too-large", "too-slow", "unsupported-media-type", "method-not-allowed":
            Words(
                what: texts.text("This did not work"),
                remedy: texts.text("Nothing was recorded. Go back to where you were and try again."),
                next: "/next", nextName: texts.text("Go on"))
        // What failed may have failed after it was done.
        default:
            Words(
                what: texts.text("This did not work"),
                remedy: texts.text(
                    "Look at your page whether your choice or application was recorded before you try again."),
                next: "/next", nextName: texts.text("Go on"))
        }
    }
}
