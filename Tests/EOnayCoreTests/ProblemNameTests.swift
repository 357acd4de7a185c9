// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProblemNameTests {
    @Test func aProblemIsFoundByItsType() {
        for problem in ProblemName.allCases { #expect(ProblemName(urn: problem.urn) == problem) }
        #expect(ProblemName(urn: "urn:eonay:problem:text-mismatch") == .textMismatch)
        #expect(ProblemName(urn: "urn:eonay:problem:unheard-of") == nil)
        #expect(ProblemName(urn: "about:blank") == nil)
    }

    @Test func theContractsStatusesAreKept() {
        let table: [Int: Set<ProblemName>] = [
            401: [.noSession, .notLoggedIn], 403: [.wrongNumber], 404: [.unknownCode, .notFound],
            409: [.staleStatement, .noConsent, .tooEarly, .alreadyFiled], 410: [.codeLapsed, .codeUsed],
            413: [.tooLarge], 429: [.tooManyCodes], 503: [.revocationUnknown],
            422: [
                .invalidIdentity, .badSignature, .identityMismatch, .textMismatch, .certificateExpired,
                .certificateNotYetValid, .untrustedIssuer, .notQualified, .certificateRevoked, .invalidDecision,
            ],
        ]
        #expect(Dictionary(grouping: ProblemName.allCases, by: \.status).mapValues(Set.init) == table)
    }

    @Test func whatThePersonCanActOnKeepsItsNameOnTheBus() {
        #expect(ProblemName.codeLapsed.errorName.busName == "org.eonay.EOnay1.Error.CodeExpired")
        #expect(ProblemName.staleStatement.errorName == .statementChanged)
        #expect(ProblemName.textMismatch.errorName == .portalRefused)
    }
}
