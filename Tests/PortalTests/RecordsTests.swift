// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import PortalContract
import Signatures
import Synchronization
import SystemBasics
import Testing
import VirtualCard

@testable import Portal

/// Records prove themselves, and the chain shows what was done to them.
@Suite(.timeLimit(.minutes(1))) struct RecordsTests {
    /// A data directory with so many decisions, closed again.
    private func withRecords(_ count: Int, _ body: (PortalBench, [String]) async throws -> Void) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        let references = try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            var references: [String] = []
            for place in 0..<count {
                references.append(
                    try await portal.record(place.isMultiple(of: 2) ? "accept" : "decline", token: token, by: signer))
            }
            return references
        }
        try await body(bench, references)
    }

    /// Does to the database what its triggers forbid.
    private func tamper(_ bench: PortalBench, _ statements: String...) throws {
        let database = try DatabaseQueue(path: bench.directory + "/data/portal.db")
        try database.write { database in
            try database.execute(sql: "DROP TRIGGER recordIsNotChanged; DROP TRIGGER recordIsNotRemoved")
            for statement in statements { try database.execute(sql: statement) }
        }
        try database.close()
    }

    private func audit(_ bench: PortalBench, expecting head: ChainHead? = nil) async throws -> [String] {
        let data = try PortalData(existing: try bench.configuration())
        return try await RecordAuditor(store: data.store, keys: data.keys).audit(expecting: head).faults
    }

    @Test func aRecordIsProvedFromItselfAlone() async throws {
        try await withRecords(2) { bench, references in
            for reference in references {
                let report = try await PortalTools(try bench.configuration()).verify(reference, exportTo: nil)
                #expect(report.isGood && report.lines.last == "proved")
            }
            let missing = try await PortalTools(try bench.configuration()).verify("none", exportTo: nil)
            #expect(!missing.isGood)
        }
    }

    @Test func whatIsExportedIsWhatOpenSSLTakes() async throws {
        try await withRecords(1) { bench, references in
            let folder = bench.directory + "/export"
            _ = try await PortalTools(try bench.configuration()).verify(references[0], exportTo: folder)
            let signature = try Data(contentsOf: URL(fileURLWithPath: folder + "/signature.p7s"))
            let text = try Data(contentsOf: URL(fileURLWithPath: folder + "/text.txt"))
            let opened = try PortalSignature.open(Array(signature))
            #expect(opened.content == Array(text))
        }
    }

    @Test func aWholeChainHasNoFault() async throws {
        try await withRecords(3) { bench, _ in
            let faults = try await audit(bench)
            #expect(faults == [])
        }
    }

    /// An audit ignores records that come while it walks: it looks for the end of the chain that it began with.
    @Test func aRecordThatIsAddedMeanwhileIsNoFault() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            for _ in 0..<2 { _ = try await portal.record("accept", token: token, by: signer) }
            let store = try #require(portal.store as? SQLitePortalStore)
            let draft = try #require(
                try await store.record(try await portal.record("decline", token: token, by: signer)))
            let isAdded = Mutex(false)
            let walked = Mutex<[Int64]>([])
            let head = try await store.walk { record in
                guard case .readable(let record) = record else { return }
                walked.withLock { $0.append(record.sequence) }
                let isFirst = isAdded.withLock { isAdded in
                    defer { isAdded = true }
                    return !isAdded
                }
                guard isFirst else { return }
                let later = RecordDraft(
                    kind: draft.draft.kind, reference: "LATER", identity: draft.draft.identity, at: draft.draft.at,
                    sealed: draft.draft.sealed)
                do {
                    try store.database.write { _ = try $0.append(later, link: store.link) }
                } catch { Issue.record(error) }
            }
            #expect(head.sequence == 3 && walked.withLock { $0 } == [1, 2, 3])
            #expect(try await store.chainHead().sequence == 4)
            #expect(try await audit(bench) == [])
        }
    }

    @Test func anAuditOfABusyPortalFindsNothing() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal("[Limits]\nCodesPerIdentity=1000000") { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
            let recording = Task {
                while !Task.isCancelled { _ = try await portal.record("accept", token: token, by: signer) }
            }
            for _ in 0..<12 {
                let faults = try await audit(bench)
                #expect(faults == [])
            }
            recording.cancel()
            _ = try? await recording.value
        }
    }

    @Test func aRowThatNobodyCanReadIsAFaultAndNotTheEndOfTheAudit() async throws {
        try await withRecords(3) { bench, _ in
            try tamper(bench, "UPDATE record SET decision = 'perhaps' WHERE sequence = 2")
            let faults = try await audit(bench)
            #expect(faults == ["changed: 2"])
        }
    }

    @Test func aChangedRecordIsFound() async throws {
        try await withRecords(3) { bench, _ in
            try tamper(bench, "UPDATE record SET decision = 'decline' WHERE sequence = 1")
            let faults = try await audit(bench)
            #expect(faults == ["changed: 1"])
        }
    }

    @Test func aMissingRecordIsFoundWhereverItStood() async throws {
        try await withRecords(3) { bench, _ in
            try tamper(bench, "DELETE FROM record WHERE sequence = 2")
            let faults = try await audit(bench)
            #expect(faults == ["missing: 2 to 2"])
        }
        try await withRecords(3) { bench, _ in
            try tamper(bench, "DELETE FROM record WHERE sequence = 3")
            let faults = try await audit(bench)
            #expect(faults == ["missing: the last, 3 to 3"])
        }
    }

    @Test func aChainThatWasCutBackAsAWholeIsFoundByANotedHead() async throws {
        try await withRecords(3) { bench, _ in
            let data = try PortalData(existing: try bench.configuration())
            let head = try await data.store.chainHead()
            try tamper(
                bench, "DELETE FROM record WHERE sequence = 3",
                "UPDATE chain SET sequence = 2, link = (SELECT link FROM record WHERE sequence = 2)")
            let unaware = try await audit(bench)
            let aware = try await audit(bench, expecting: head)
            #expect(unaware == [])
            #expect(aware == ["the expected head is not in the chain"])
        }
    }

    @Test func aBackupOfARunningPortalIsWhole() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let reference = try await portal.record("accept", token: token, by: signer)
            let copy = bench.directory + "/copy.db"
            #expect(try PortalTools.backUp(try bench.configuration(), to: copy).isGood)
            let store = try SQLitePortalStore(path: copy, keys: portal.server.service.keys, migrates: false)
            let record = try await store.record(reference)
            #expect(record != nil)
        }
    }

    @Test func anApplicationIsProvedWithTheConsentThatItStandsOn() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        let (consent, application) = try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let consent = try await portal.record("accept", token: token, by: signer)
            let filed: FiledApplication = try await portal.post(
                PortalPath.applications, ApplicationRequest(kind: .new), token: token
            ).value()
            _ = try await portal.record("decline", token: token, by: signer)
            return (consent, filed.reference)
        }
        let folder = bench.directory + "/export"
        let report = try await PortalTools(try bench.configuration()).verify(application, exportTo: folder)
        #expect(report.isGood && report.lines.contains { $0.contains(consent) })
        for name in ["application.json", "signature.p7s"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        // One that claims another consent is not what was written.
        try tamper(
            bench, "UPDATE record SET consent = (SELECT reference FROM record WHERE sequence = 3) WHERE sequence = 2")
        let changed = try await PortalTools(try bench.configuration()).verify(application, exportTo: nil)
        #expect(!changed.isGood)
    }

    @Test func aRecordWhoseContentsWereExchangedIsNotProved() async throws {
        try await withRecords(2) { bench, references in
            try tamper(
                bench, "UPDATE record SET sealed = (SELECT sealed FROM record WHERE sequence = 2) WHERE sequence = 1")
            let report = try await PortalTools(try bench.configuration()).verify(references[0], exportTo: nil)
            #expect(!report.isGood && report.lines.contains("FAILS: its contents can be read"))
        }
    }

    @Test func aBackupReplacesTheOneBeforeOnlyWhenItIsWhole() async throws {
        try await withRecords(1) { bench, _ in
            let copy = bench.directory + "/copy.db"
            try Data("yesterday's".utf8).write(to: URL(fileURLWithPath: copy))
            // A copy that was interrupted left this.
            try Data("half".utf8).write(to: URL(fileURLWithPath: copy + ".partial"))
            _ = try PortalTools.backUp(try bench.configuration(), to: copy)
            let attributes = try FileManager.default.attributesOfItem(atPath: copy)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let beside = try FileManager.default.contentsOfDirectory(atPath: bench.directory).sorted()
            #expect(beside == ["anchors", "copy.db", "data"])
            #expect(throws: SystemError(code: ENOENT, call: "open")) {
                try PortalTools.backUp(try bench.configuration(), to: bench.directory + "/missing/copy.db")
            }
        }
    }

    @Test func aCheckMakesNothing() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let report = PortalTools.check(try bench.configuration())
        #expect(report.isGood && report.lines.count == 3)
        let beside = try FileManager.default.contentsOfDirectory(atPath: bench.directory)
        #expect(beside == ["anchors"])
        let lines = "[Server]\nOrigin=https://127.0.0.1:1\n[TLS]\nCertificate=/nowhere\nKey=/nowhere"
        #expect(!PortalTools.check(try bench.configuration(lines)).isGood)
        try FileManager.default.removeItem(atPath: bench.directory + "/anchors")
        #expect(!PortalTools.check(try bench.configuration()).isGood)
    }

    @Test func whatWasSlippedInBeforeTheFirstRecordCountsForNothing() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let (mine, other) = (try Signer(bench), try Signer(bench, holder: .isil))
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: mine)
            _ = try await portal.record("accept", token: token, by: mine)
            let strange = try await portal.signIn(with: other)
            // A copy of my record under the other's identity, at a place that no record has.
            let identity = portal.server.service.keys.digest(of: try NationalIdentity(certified: other.identity))
            let database = try DatabaseQueue(path: bench.directory + "/data/portal.db")
            let columns = "at, decision, statementVersion, application, consent, certificate, sealed, previous, link"
            let insertion =
                "INSERT INTO record (sequence, reference, identity, \(columns)) SELECT ?, 'X', ?, \(columns) FROM record"
            #expect(throws: DatabaseError.self) {
                try database.write { try $0.execute(sql: insertion, arguments: [-5, identity]) }
            }
            try await database.write {
                try $0.execute(sql: "DROP TRIGGER recordIsTheNext")
                try $0.execute(sql: insertion, arguments: [-5, identity])
            }
            #expect(try await portal.get(PortalPath.status, token: strange).status == 500)
            let filed = try await portal.post(
                PortalPath.applications, ApplicationRequest(kind: .new), token: strange)
            #expect(filed.status == 500)
        }
        let faults = try await audit(bench)
        #expect(faults == ["none of the portal's: -5"])
    }

    @Test func aBackupOntoThePortalsOwnFilesIsRefused() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
            let data = bench.directory + "/data"
            try FileManager.default.createSymbolicLink(
                atPath: bench.directory + "/link", withDestinationPath: data + "/portal.db")
            for path in ["portal.db", "portal.db-wal", "portal.key", "../link", "./portal.db"] {
                #expect(try !PortalTools.backUp(try bench.configuration(), to: data + "/" + path).isGood, "\(path)")
            }
            #expect(try await portal.get(PortalPath.status, token: token).status == 200)
        }
    }

    @Test func aTextOtherThanThatOfTheRecordsFieldsIsNotProved() async throws {
        try await withRecords(1) { bench, references in
            try tamper(bench, "UPDATE statement SET accept = 'Her şeye evet.'")
            let report = try await PortalTools(try bench.configuration()).verify(references[0], exportTo: nil)
            #expect(!report.isGood && report.lines.contains { $0.hasPrefix("FAILS: the text is that of") })
        }
    }
}
