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
        let (version, statement) = (Requests.declaration.version, Requests.declaration.statement)
        for other in [
            try Declaration(decision: .decline, version: version, statement: statement),
            try Declaration(decision: .accept, version: version, statement: statement + "."),
            try Declaration(decision: .accept, version: "2026-02", statement: statement),
        ] {
            // Both what is signed and what is said to have been shown are other: the first prompt counts.
            #expect(throws: JobFailure(.statementChanged)) { try check(Requests.consent(other), after: login) }
            #expect(throws: JobFailure(.statementChanged)) { try check(Requests.consent(shown: other)) }
        }
    }

    @Test func aSignInThatShowedNoDeclarationIsFollowedByNone() throws {
        let login = try check(Requests.login(shown: nil))
        #expect(login.shown == nil)
        #expect(throws: JobFailure(.statementChanged)) { try check(Requests.consent(), after: login) }
    }

    @Test func afterASignInOnlyAConsentFollowsAndForTheSamePortal() throws {
        let login = try check(Requests.login())
        #expect(throws: JobFailure(.invalidArgument, "purpose")) { try check(Requests.login(), after: login) }
        var other = Requests.consent()
        other.portal = try Origin("https://other.example.org")
        #expect(throws: JobFailure(.portalUntrusted, "origin")) { try check(other, after: login) }
    }

    @Test func aConsentWithoutADeclarationIsNotSigned() {
        #expect(throws: JobFailure(.invalidDecision)) { try check(Requests.consent(nil)) }
    }
}
