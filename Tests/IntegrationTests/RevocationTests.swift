// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing
import VirtualCard

/// The certificate's responder is asked before the PIN is: OpenSSL's own, on the loopback.
@Suite(.timeLimit(.minutes(1)))
struct RevocationTests {
    @Test func aGoodCertificateGoesOn() async throws {
        let responder = try Responder()
        let bench = try await ApprovalBench(addresses: responder.addresses)
        let servers = try await responder.start(for: bench, revoked: false)
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(!bench.service.lines.all.contains { $0.text.contains("responder") })
        await Self.end(servers, bench)
    }

    @Test func aRevokedCertificateIsNotGivenAPIN() async throws {
        let responder = try Responder()
        let bench = try await ApprovalBench(addresses: responder.addresses)
        let servers = try await responder.start(for: bench, revoked: true)
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "CertificateRevoked"))
        #expect(bench.verifications == 0)
        #expect(try await bench.signatures(of: approval).isEmpty)
        #expect(try await bench.records() == 0)
        await Self.end(servers, bench)
    }

    @Test func aSuspendedCertificateIsToldAsNotOpenedAndNotAsRevoked() async throws {
        let responder = try Responder()
        let bench = try await ApprovalBench(addresses: responder.addresses)
        let servers = try await responder.start(for: bench, revoked: true, reason: ",certificateHold")
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "CertificateSuspended"))
        #expect(bench.verifications == 0)
        #expect(try await bench.records() == 0)
        await Self.end(servers, bench)
    }

    @Test func aResponderThatIsDownDoesNotStandInTheWay() async throws {
        let bench = try await ApprovalBench(addresses: try Responder().addresses)
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(
            bench.service.lines.all.contains {
                $0.text.contains("responder: unreachable (issuer: connect), continuing")
            })
        await bench.stop()
    }

    @Test func aSlowResponderIsNotWaitedForLongerThanThreeSeconds() async throws {
        let responder = try Responder()
        let silence = try responder.stall()
        defer { close(silence) }
        let bench = try await ApprovalBench(addresses: responder.addresses)
        let files = try await responder.startFiles(for: bench)
        let begun = ContinuousClock.now
        let approval = try await bench.approve()
        _ = try await bench.card.events.next { $0 == .pinRight }
        let waited = ContinuousClock.now - begun
        // The bound is the service's; the rest is what card, portal and a busy computer take.
        #expect(waited > .milliseconds(2500) && waited < .seconds(8))
        #expect(try await bench.end(of: approval) == End("recorded"))
        await Self.end([files], bench)
    }

    @Test func aCertificateThatNamesNobodyIsNotWaitedFor() async throws {
        let bench = try await ApprovalBench()
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(!bench.service.lines.all.contains { $0.text.contains("responder") })
        await bench.stop()
    }

    private static func end(_ servers: [ChildProcess], _ bench: ApprovalBench) async {
        for server in servers { await server.kill() }
        await bench.stop()
    }
}
