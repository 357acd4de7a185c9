// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Logging
import ManualTime
import ServiceLifecycle
import Synchronization
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// A portal that really listens on loopback, on a directory of its own, with a clock that tests set.
struct PortalBench: Sendable {
    let directory: String
    let clock = ManualClock(PortalBench.start)
    let authority: TestAuthority
    let log = TestLog()

    /// When the tests began: what openssl's programs sign bears the computer's time.
    static let start = Int64(Date().timeIntervalSince1970)

    /// One authority for all tests: making its keys takes a while.
    static let sharedAuthority = Result { try TestAuthority(now: start) }

    init() throws {
        authority = try Self.sharedAuthority.get()
        directory = NSTemporaryDirectory() + "eonay-portal-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory + "/anchors", withIntermediateDirectories: true)
        for (name, certificate) in [("root", authority.root), ("issuer", authority.issuer)] {
            try Data(certificate.certificate).write(to: URL(fileURLWithPath: directory + "/anchors/\(name).der"))
        }
    }

    /// The configuration of the bench, with further lines of a key file.
    func configuration(_ lines: String = "", revocation: String = "prefer") throws -> PortalConfiguration {
        let text = """
            [Server]
            Listen=127.0.0.1:0
            DataDirectory=\(directory)/data
            [Trust]
            Anchors=\(directory)/anchors
            [Revocation]
            Policy=\(revocation)
            Timeout=2
            \(lines)
            """
        return try PortalConfiguration(bytes: Array(text.utf8), path: "portal.conf", environment: [:])
    }

    /// Runs a portal for as long as the body takes, then shuts it down as SIGTERM would.
    func withPortal<Value: Sendable>(
        _ lines: String = "", revocation: String = "prefer", _ body: (PortalClient) async throws -> Value
    ) async throws -> Value {
        let log = log
        let logger = Logger(label: "test") { _ in log }
        let server = try PortalServer(try configuration(lines, revocation: revocation), clock: clock, logger: logger)
        try await server.prepare()
        let (addresses, announce) = AsyncStream<String>.makeStream()
        let application = try server.application { address in
            announce.yield(address)
            announce.finish()
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: application)], logger: logger))
        let running = Task {
            defer { announce.finish() }
            try await group.run()
        }
        let result: Value
        do {
            var address: String?
            for await announced in addresses { address = announced }
            result = try await body(PortalClient(bench: self, server: server, address: try #require(address)))
        } catch {
            await group.triggerGracefulShutdown()
            try? await running.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return result
    }

    /// Starts the real program on the bench's portal.conf, and waits until it listens.
    func startProgram() async throws -> (child: ChildProcess, address: String) {
        let child = try await ChildProcess.start(
            try Programs.built("eonay-portal"), ["serve", "--config", directory + "/portal.conf"])
        let line = try await child.lines.next { $0.text.hasPrefix("listening on ") }
        return (child, String(line.text.dropFirst("listening on ".count)))
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}

/// Keeps what was logged, so that tests can look for what must not be there.
final class TestLog: LogHandler {
    private let kept = Mutex<[String]>([])

    var logLevel: Logger.Level {
        get { .trace }
        set { _ = newValue }
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set { _ = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set { _ = newValue }
    }

    func log(event: LogEvent) {
        let line = "\(event.level) \(event.message) \(event.metadata ?? [:])"
        kept.withLock { $0.append(line) }
    }

    var lines: [String] { kept.withLock { $0 } }
}
