// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import Foundation
import NIOCore
import NIOPosix
import PortalContract
import Synchronization
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// The real program, killed with SIGKILL at random moments while decisions are being recorded.
@Suite(.timeLimit(.minutes(5))) struct KillTests {
    /// EONAY_KILLS sets another number of kills.
    private static let kills = ProcessInfo.processInfo.environment["EONAY_KILLS"].flatMap { Int($0) } ?? 300

    @Test func noAcknowledgedRecordIsLost() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        // The origin is signed; the port changes with each start.
        let text = """
            [Server]
            Listen=127.0.0.1:0
            Origin=http://127.0.0.1:1
            DataDirectory=\(bench.directory)/data
            LogLevel=error
            [Trust]
            Anchors=\(bench.directory)/anchors
            [Revocation]
            Policy=prefer
            [Limits]
            CodesPerIdentity=1000000
            CodesPerAddress=1000000
            """
        try text.write(toFile: bench.directory + "/portal.conf", atomically: true, encoding: .utf8)

        let acknowledged = Mutex<Set<String>>([])
        for _ in 0..<Self.kills {
            let (child, address) = try await bench.startProgram()
            let portal = RemotePortal(address: address)
            let token = try await portal.signIn(with: signer)
            MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .microseconds(.random(in: 500...60_000))) {
                child.send(signal: SIGKILL)
            }
            // Until it is dead, record; what is answered is remembered.
            while let reference = try? await portal.record("accept", token: token, by: signer) {
                acknowledged.withLock { _ = $0.insert(reference) }
            }
            _ = await child.end()
        }

        let data = try PortalData(
            existing: try PortalConfiguration(bytes: Array(text.utf8), path: "portal.conf", environment: [:]))
        let references = acknowledged.withLock { $0 }
        #expect(!references.isEmpty)
        for reference in references {
            let record = try await data.store.record(reference)
            #expect(record != nil, "an acknowledged record is gone")
        }
        let finding = try await RecordAuditor(store: data.store, keys: data.keys).audit()
        #expect(finding.faults == [])
        #expect(finding.count >= Int64(references.count))
    }

    @Test func sigtermAnswersWhatIsUnderWayAndEnds() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try """
        [Server]
        Listen=127.0.0.1:0
        DataDirectory=\(bench.directory)/data
        [Trust]
        Anchors=\(bench.directory)/anchors
        """.write(toFile: bench.directory + "/portal.conf", atomically: true, encoding: .utf8)
        let (child, address) = try await bench.startProgram()
        let portal = RemotePortal(address: address)
        let opened: OpenedSession = try await portal.post(
            PortalPath.sessions, SessionRequest(identity: Holder.sukru.identity)
        ).value()
        let stream = try await portal.events(opened.session)
        var chunks = stream.body.makeAsyncIterator()
        _ = try await chunks.next()
        child.send(signal: SIGTERM)
        // The open stream ends by itself, and then the program does.
        while try await chunks.next() != nil {}
        let status = await child.end()
        #expect(status == .exited(0))
    }
}
