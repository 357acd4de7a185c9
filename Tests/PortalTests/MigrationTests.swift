// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import ManualTime
import PortalContract
import Testing
import VirtualCard

@testable import Portal

/// A database that version 1 wrote (Tests/Fixtures/portal-version-1/make), under the portal of today.
@Suite(.timeLimit(.minutes(1))) struct MigrationTests {
    /// The values that `make` wrote down.
    private struct Facts: WireValue {
        let token: String
        let code: String
        let issuedAt: Int64
        let references: [String]
        let application: String

        init(json: JSON) throws(InvalidMessage) {
            token = try json.text("token")
            code = try json.text("code")
            issuedAt = try json.instant("issuedAt")
            application = try json.text("application")
            guard case .array(let elements)? = json["references"] else { throw InvalidMessage(field: "references") }
            references = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }

        var json: JSON { .members(("token", .string(token))) }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/portal-version-1")

    private static func fixture(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

    /// A bench whose data directory is the fixture's, and whose clock stands where the fixture was made.
    private func withVersion1(_ body: (PortalBench, Facts, Signer) async throws -> Void) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let facts = try Facts(utf8: Array(try Self.fixture("facts.json")))
        bench.clock.set(facts.issuedAt + 1)
        let data = bench.directory + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(
            atPath: data + "/portal.key", contents: try Self.fixture("portal.key"),
            attributes: [.posixPermissions: 0o600])
        for name in ["root", "issuer"] {
            try Self.fixture(name + ".der").write(to: URL(filePath: bench.directory + "/anchors/\(name).der"))
        }
        let database = try DatabaseQueue(path: data + "/portal.db")
        try await database.writeWithoutTransaction {
            try $0.execute(sql: String(decoding: try Self.fixture("portal.sql"), as: UTF8.self))
        }
        try database.close()
        let path = Self.folder.path
        let holder = Signer(
            issued: try IssuedCertificate(certificate: path + "/holder.der", key: path + "/holder.key"),
            issuer: bench.authority.issuer, identity: Holder.sukru.identity)
        try await body(bench, facts, holder)
    }

    /// The fixture's origin is signed.
    private let lines = "[Server]\nOrigin=http://127.0.0.1:1"

    @Test func whatWasRecordedIsProvedAndWhatWasBegunGoesOn() async throws {
        try await withVersion1 { bench, facts, holder in
            try await bench.withPortal(lines) { portal in
                let status: SessionStatus = try await portal.get(PortalPath.session, token: facts.token).value()
                #expect(status.state == .consent)
                let challenge = try #require(status.challenge)
                #expect(challenge.code == facts.code)
                // A refusal is remembered in the column that version 1 did not have.
                #expect(try await portal.post(signature: [0x30], under: challenge.code).problem == "bad-signature")
                let recorded: SubmissionAnswer = try await portal.post(
                    signature: try holder.consent(challenge), under: challenge.code
                ).value()
                let standing: ConsentStanding = try await portal.get(PortalPath.status, token: facts.token).value()
                #expect(standing.consent == .declined && standing.reference == recorded.reference)
            }
            let tools = try PortalTools(try bench.configuration())
            #expect(try await tools.audit(expecting: nil).lines.first == "5 records")
            for reference in facts.references + [facts.application] {
                let report = try await tools.verify(reference, exportTo: nil)
                #expect(report.isGood, "\(report.lines)")
            }
        }
    }

    @Test func aToolLeavesTheTablesOfAnOlderPortalAlone() async throws {
        try await withVersion1 { bench, _, _ in
            let configuration = try bench.configuration()
            #expect(throws: SQLitePortalStore.OtherVersion.older) { try PortalTools(configuration) }
            let check = PortalTools.check(configuration)
            #expect(check.isGood && check.lines.contains { $0.contains("older version") })
            // A copy before the upgrade is what the operator wants now.
            let copy = bench.directory + "/before.db"
            #expect(try PortalTools.backUp(configuration, to: copy).isGood)
            let versions = try DatabaseQueue(path: copy).read {
                try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations")
            }
            #expect(versions == ["1"])
        }
    }

    @Test func aDatabaseOfANewerVersionIsLeftAlone() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { _ in }
        let database = try DatabaseQueue(path: bench.directory + "/data/portal.db")
        try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99')") }
        try database.close()
        #expect(throws: SQLitePortalStore.OtherVersion.newer) { try PortalData(making: bench.configuration()) }
        #expect(throws: SQLitePortalStore.OtherVersion.newer) { try PortalTools(try bench.configuration()) }
        #expect(!PortalTools.check(try bench.configuration()).isGood)
    }
}
