// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import ManualTime
import PortalContract
import Testing
import VirtualCard

/// The contract's way from the identity number to the recorded decision.
@Suite(.timeLimit(.minutes(1))) struct WalkTests {
    @Test(arguments: [CardKey.rsa2048, .p256, .p384])
    func aPersonSignsInAndGivesEOnay(_ keyType: CardKey) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench, keyType: keyType)
        try await bench.withPortal { portal in
            let opened = try await portal.open()
            #expect(opened.challenge.purpose == .login)
            #expect(opened.challenge.portal == portal.address)
            #expect(opened.challenge.expiresIn == 300)
            let before: SessionStatus = try await portal.get(PortalPath.session, token: opened.session).value()
            #expect(before == SessionStatus(state: .login, challenge: opened.challenge, reference: nil))

            let signed = try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
            let submission: SubmissionAnswer = try signed.value()
            #expect(submission.purpose == .login && submission.result == .signed)
            let number = try #require(submission.number)
            #expect(number.utf8.count == 6)
            let waiting: SessionStatus = try await portal.get(PortalPath.session, token: opened.session).value()
            #expect(waiting == SessionStatus(state: .confirm, challenge: nil, reference: nil))

            let confirmed = try await portal.post(
                PortalPath.confirm, ConfirmRequest(number: number), token: opened.session)
            #expect(try confirmed.value(ConfirmAnswer.self).state == .loggedIn)
            let none: ConsentStanding = try await portal.get(PortalPath.status, token: opened.session).value()
            #expect(none == ConsentStanding(consent: .none, since: nil, reference: nil))

            let challenge = try await portal.decide("accept", token: opened.session)
            #expect(challenge.purpose == .consent)
            #expect(challenge.declared?.statement.hasSuffix("KABUL EDİYORUM.") == true)
            bench.clock.advance(by: 7)
            let signature = try signer.consent(challenge)
            let recorded: SubmissionAnswer =
                try await portal.post(signature: signature, under: challenge.code).value()
            #expect(recorded.result == .recorded)
            let reference = try #require(recorded.reference)

            let after: SessionStatus = try await portal.get(PortalPath.session, token: opened.session).value()
            #expect(after == SessionStatus(state: .recorded, challenge: nil, reference: reference))
            let standing: ConsentStanding = try await portal.get(PortalPath.status, token: opened.session).value()
            #expect(
                standing
                    == ConsentStanding(consent: .accepted, since: PortalBench.start + 7, reference: reference))
            let document: ConsentDocument =
                try await portal.get(PortalPath.consent(reference), token: opened.session).value()
            #expect(document.signature == signature)
            #expect(document.at == PortalBench.start + 7)
            #expect(document.text.contains("Karar: KABUL EDİYORUM\n"))

            #expect(try await portal.send("DELETE", PortalPath.session, token: opened.session).status == 204)
            #expect(try await portal.get(PortalPath.status, token: opened.session).problem == "not-logged-in")
        }
    }

    @Test func theNewestDecisionCounts() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let first = try await portal.record("accept", token: token, by: signer)
            let second = try await portal.record("decline", token: token, by: signer)
            let standing: ConsentStanding = try await portal.get(PortalPath.status, token: token).value()
            #expect(standing.consent == .declined && standing.reference == second)
            let kept: ConsentDocument = try await portal.get(PortalPath.consent(first), token: token).value()
            #expect(kept.decision == .accept)
        }
    }

    @Test func theStatementIsTheGuidesWordForWord() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            let statement: PortalStatement = try await portal.get(PortalPath.statement).value()
            let sentence =
                "Kamu SM sistemleri üzerinden güvenilir bir şekilde elektronik onayımın alınması kaydıyla bundan sonra "
                + "yapacağım NES başvurularımın, imzalı başvuru formu göndermeme gerek kalmaksızın işleme alınmasını "
            #expect(statement.accept == sentence + "KABUL EDİYORUM.")
            #expect(statement.decline == sentence + "KABUL ETMİYORUM.")
            for decision in Decision.allCases {
                _ = try Declaration(
                    decision: decision, version: statement.version, statement: statement.text(of: decision))
            }
        }
    }
}
