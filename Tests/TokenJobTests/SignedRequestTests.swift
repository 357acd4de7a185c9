// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Testing

@testable import TokenJob

@Suite(.timeLimit(.minutes(1)))
struct SignedRequestTests {
    private let identity = try! NationalIdentity(certified: "10000000146")

    private func check(_ request: SignRequest, after earlier: SignedRequest? = nil) throws -> SignedRequest {
        try SignedRequest(request, identity: identity, after: earlier)
    }

    @Test func theTextsAreThoseOfTheContract() throws {
        #expect(try check(Requests.login()).text.text == Requests.loginText(identity: "10000000146"))
        #expect(try check(Requests.consent()).text.text == Requests.consentText(identity: "10000000146"))
    }

    @Test func aConsentIsWhatThePromptShowedByteForByte() throws {
        let login = try check(Requests.login())
        _ = try check(Requests.consent(), after: login)
        for change in [
            { (declaration: inout ShownDeclaration) in declaration.decision = "decline" },
            { declaration in declaration.statement += "." },
            { declaration in declaration.statementVersion = "2026-02" },
        ] as [(inout ShownDeclaration) -> Void] {
            var other = Requests.declaration
            change(&other)
            // Both what is signed and what is said to have been shown are other: the first prompt counts.
            #expect(throws: JobError(.statementChanged)) { try check(Requests.consent(other), after: login) }
            var request = Requests.consent()
            request.shown = other
            #expect(throws: JobError(.statementChanged)) { try check(request) }
        }
    }

    @Test func aSignInThatShowedNoDeclarationIsFollowedByNone() throws {
        let nothing = ShownDeclaration(decision: "", statement: "", statementVersion: "")
        let login = try check(Requests.login(shown: nothing))
        #expect(login.shown == nil)
        #expect(throws: JobError(.statementChanged)) { try check(Requests.consent(), after: login) }
    }

    @Test func afterASignInOnlyAConsentFollowsAndForTheSamePortal() throws {
        let login = try check(Requests.login())
        #expect(throws: JobError(.invalidArgument, "purpose")) { try check(Requests.login(), after: login) }
        var other = Requests.consent()
        other.portal = "https://other.example.org"
        #expect(throws: JobError(.portalUntrusted, "origin")) { try check(other, after: login) }
    }

    @Test(arguments: [
        "http://portal.example.org", "https://portal.example.org/", "https://Portal.example.org",
        "https://portal.example.org:443", "portal.example.org", "",
    ])
    func anOriginInAnotherSpellingIsNotSigned(_ portal: String) {
        var request = Requests.login()
        request.portal = portal
        #expect(throws: JobError(.portalUntrusted, "origin")) { try check(request) }
    }

    @Test func fieldsThatAreNotWhatTheyShouldBeAreRefused() {
        var request = Requests.login()
        request.code = "12345"
        #expect(throws: JobError(.invalidCode)) { try check(request) }
        request = Requests.login()
        request.purpose = "other"
        #expect(throws: JobError(.invalidArgument, "purpose")) { try check(request) }
        request = Requests.consent()
        request.decision = "maybe"
        #expect(throws: JobError(.invalidDecision)) { try check(request) }
        request = Requests.consent()
        request.decision = ""
        #expect(throws: JobError(.invalidDecision)) { try check(request) }
        var hostile = Requests.declaration
        hostile.statement = "KABUL\u{202E} EDİYORUM"
        let error = #expect(throws: JobError.self) { try check(Requests.consent(hostile)) }
        #expect(error?.name == .portalUntrusted)
    }
}
