// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import ManualTime
import PortalContract
import Testing
import VirtualCard

/// Consents and applications of a holder who is signed in.
@Suite(.timeLimit(.minutes(1))) struct HolderTests {
    private static let day: Int64 = 86_400

    @Test func anotherPersonsRecordIsNotThere() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let mine = try Signer(bench)
        let other = try Signer(bench, holder: .isil)
        try await bench.withPortal { portal in
            let myToken = try await portal.signIn(with: mine)
            let reference = try await portal.record("accept", token: myToken, by: mine)
            let otherToken = try await portal.signIn(with: other)
            for path in [PortalPath.consent(reference), PortalPath.consent("0000-0000-0000-0000")] {
                let answer = try await portal.get(path, token: otherToken)
                #expect(answer.status == 404 && answer.problem == "not-found")
            }
            #expect(try await portal.get(PortalPath.consent(reference), token: myToken).status == 200)
        }
    }

    @Test func anApplicationNeedsAnAcceptedConsentThatStands() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            func apply() async throws -> PortalClient.Answer {
                try await portal.post(PortalPath.applications, ApplicationRequest(kind: .new), token: token)
            }
            let without = try await apply()
            #expect(without.status == 409 && without.problem == "no-consent")
            _ = try await portal.record("accept", token: token, by: signer)
            _ = try await portal.record("decline", token: token, by: signer)
            #expect(try await apply().problem == "no-consent")
            let consent = try await portal.record("accept", token: token, by: signer)
            let filed = try await apply()
            #expect(filed.status == 201)
            let application: FiledApplication = try filed.value()
            #expect(application.consent == consent && application.kind == .new)
            let again = try await apply()
            #expect(again.status == 409 && again.problem == "already-filed")
            let list = try JSON(utf8: try await portal.get(PortalPath.applications, token: token).body)
            #expect(list == .array([application.json]))
        }
    }

    @Test func aRenewalOpensToTheSecond() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let opens = PortalBench.start + 100
        let signer = try Signer(bench, notAfter: opens + 30 * Self.day)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
            bench.clock.set(opens - 1)
            let early = try await portal.post(PortalPath.applications, ApplicationRequest(kind: .renewal), token: token)
            #expect(early.status == 409 && early.problem == "too-early")
            bench.clock.set(opens)
            let filed = try await portal.post(PortalPath.applications, ApplicationRequest(kind: .renewal), token: token)
            #expect(filed.status == 201)
        }
    }

    @Test func anApplicationIsReadStrictly() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            for body in [#"{"kind":"new","signing":"paper"}"#, #"{"kind":"old","signing":"e-onay"}"#, "{}"] {
                let answer = try await portal.send(
                    "POST", PortalPath.applications, token: token, headers: [("Content-Type", "application/json")],
                    body: Array(body.utf8))
                #expect(answer.status == 400)
            }
        }
    }
}
