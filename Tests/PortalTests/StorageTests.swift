// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import ManualTime
import PortalContract
import SystemBasics
import Testing
import VirtualCard

@testable import Portal

/// Data that outlives the portal, and data that a thief of its files can read.
@Suite(.timeLimit(.minutes(1))) struct StorageTests {
    @Test func aRestartKeepsSessionsCodesAndRecords() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        // The origin is signed, so it must not change with the port.
        let lines = "[Server]\nOrigin=http://127.0.0.1:1"
        let (token, challenge, signature, reference) = try await bench.withPortal(lines) { portal in
            let token = try await portal.signIn(with: signer)
            let first = try await portal.decide("decline", token: token)
            let signature = try signer.consent(first)
            let answer: SubmissionAnswer = try await portal.post(signature: signature, under: first.code).value()
            return (token, first, signature, answer.reference)
        }
        try await bench.withPortal(lines) { portal in
            let again: SubmissionAnswer = try await portal.post(signature: signature, under: challenge.code).value()
            #expect(again.reference == reference)
            let standing: ConsentStanding = try await portal.get(PortalPath.status, token: token).value()
            #expect(standing.consent == .declined && standing.reference == reference)
        }
    }

    @Test func neitherFilesNorLogsShowAPerson() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        var secrets = [Holder.sukru.identity, Holder.sukru.name, "Şükrü"]
        secrets += try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let challenge = try await portal.decide("accept", token: token)
            _ = try await portal.get(PortalPath.code(try VerificationCode(challenge.code)))
            _ = try await portal.post(signature: [1], under: challenge.code)
            _ = try await portal.post(signature: try signer.consent(challenge), under: challenge.code)
            _ = try await portal.post(PortalPath.applications, ApplicationRequest(kind: .new), token: token)
            return [token, challenge.code]
        }
        for line in bench.log.lines {
            for secret in secrets { #expect(!line.contains(secret), "a log line shows what it must not") }
        }
        let data = bench.directory + "/data"
        var looked: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: data) {
            // SQLite takes its shared memory away when the last connection closes, which may be now.
            guard let bytes = FileManager.default.contents(atPath: data + "/" + name) else { continue }
            looked.insert(name)
            for secret in secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name) shows it") }
        }
        #expect(looked.contains("portal.db"))
    }

    @Test func aRecordCannotBeChangedOrRemoved() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
            let database = try DatabaseQueue(path: bench.directory + "/data/portal.db")
            for statement in ["UPDATE record SET decision = 'decline'", "DELETE FROM record"] {
                #expect(throws: DatabaseError.self) {
                    try database.write { try $0.execute(sql: statement) }
                }
            }
        }
    }

    @Test func aStatementsVersionStandsForItsWordsForGood() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal("[Statement]\nVersion=1\nAccept=Evet.\nDecline=Hayır.") { _ in }
        await #expect(throws: StatementReused(version: "1")) {
            try await bench.withPortal("[Statement]\nVersion=1\nAccept=Evet!\nDecline=Hayır.") { _ in }
        }
        try await bench.withPortal("[Statement]\nVersion=2\nAccept=Evet!\nDecline=Hayır.") { _ in }
    }

    @Test func anotherKeyOrNoneDoesNotOpenTheDatabase() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { _ in }
        let key = bench.directory + "/data/portal.key"
        let kept = try Data(contentsOf: URL(fileURLWithPath: key))
        try FileManager.default.removeItem(atPath: key)
        #expect(throws: SystemError(code: ENOENT, call: "open")) {
            try PortalData(making: try bench.configuration())
        }
        _ = FileManager.default.createFile(
            atPath: key, contents: Data(repeating: 7, count: 32), attributes: [.posixPermissions: 0o600])
        #expect(throws: SQLitePortalStore.WrongKey.self) { try PortalData(making: try bench.configuration()) }
        _ = FileManager.default.createFile(atPath: key, contents: kept, attributes: [.posixPermissions: 0o644])
        #expect(throws: MasterKeyFile.Failure.self) { try PortalData(making: try bench.configuration()) }
    }

    @Test func whatHasLapsedIsForgottenAndRecordsAreNot() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
            _ = try await portal.open(Holder.isil.identity)
            let store = portal.server.service.store
            bench.clock.advance(by: 1199)
            #expect(try await store.sweep(at: bench.clock.now()) == SweepOutcome(sessions: 0, lapsedCodes: 0))
            bench.clock.advance(by: 1)
            #expect(try await store.sweep(at: bench.clock.now()) == SweepOutcome(sessions: 2, lapsedCodes: 1))
            let figures = try await store.figures(at: bench.clock.now())
            #expect(figures.accepted == 1 && figures.sessions == 0 && figures.head.sequence == 1)
        }
    }

    /// GRDB's pool sets NORMAL when it sets WAL mode up, which syncs at checkpoints alone: a power cut would take decisions
    /// that were answered. kill -9 does not show it.
    @Test func eachCommitIsSynced() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            let store = try #require(portal.store as? SQLitePortalStore)
            let level = try await store.database.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            #expect(level == 2)
            let mode = try await store.database.write { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(mode == "wal")
            // By the queue, a write says what it needs; that the records do is counted by the syncs of the kernel.
            #expect(try await store.write(.synced) { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        }
    }
}
