// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// The system calls of the real program: what must last is on the disk before it is answered, and nothing else is synced.
@Suite(.timeLimit(.minutes(2))) struct SyncTests {
    @Test func decisionsAndApplicationsAreSyncedBeforeTheirAnswer() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try """
        [Server]
        Listen=127.0.0.1:0
        DataDirectory=\(bench.directory)/data
        [Trust]
        Anchors=\(bench.directory)/anchors
        [Revocation]
        Policy=prefer
        """.write(toFile: bench.directory + "/portal.conf", atomically: true, encoding: .utf8)
        let (child, address) = try await bench.startProgram()
        let portal = RemotePortal(address: address)
        let trace = try await ChildProcess.start(
            Programs.find("strace", package: "strace"),
            ["-f", "-e", "trace=fdatasync,fsync,write,writev,sendto,sendmsg", "-s", "100000", "-p", String(child.pid)])
        try await trace.lines.next { $0.text.contains("attached") }

        let token = try await portal.signIn(with: signer)
        let challenge = try await portal.decide("accept", token: token)
        // The challenge was answered, so its calls have been told.
        try await trace.lines.next { $0.text.contains(challenge.code) }
        #expect(!trace.lines.all.contains { $0.text.contains("sync(") })

        let answer: SubmissionAnswer = try await portal.post(
            signature: try signer.consent(challenge), under: challenge.code
        ).value()
        let reference = try #require(answer.reference)
        try await Self.expectSync(before: reference, in: trace)
        let filed: FiledApplication = try await portal.post(
            PortalPath.applications, ApplicationRequest(kind: .new), token: token
        ).value()
        try await Self.expectSync(before: filed.reference, in: trace)
        trace.send(signal: SIGTERM)
        _ = await trace.end()
        child.send(signal: SIGTERM)
        _ = await child.end()
    }

    /// A sync that succeeded stands before the first answer with the reference, and after everything answered before.
    private static func expectSync(before reference: String, in trace: ChildProcess) async throws {
        @Sendable func isAnswer(_ call: String) -> Bool { call.contains("HTTP/1.1 ") && call.contains(reference) }
        try await trace.lines.next { isAnswer($0.text) }
        let calls = trace.lines.all.map(\.text)
        let said = try #require(calls.firstIndex(where: isAnswer))
        let before = calls[..<said].lastIndex { $0.contains("HTTP/1.1 ") } ?? 0
        let syncs = calls[before..<said].filter { $0.contains("sync(") || $0.contains("sync resumed") }
        #expect(syncs.contains { $0.contains("= 0") }, "\(reference) was answered before it was synced")
    }
}
