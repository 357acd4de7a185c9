// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

/// What is forgotten is in no file of the record any more.
@Suite(.timeLimit(.minutes(1))) struct StoreForgettingTests {
    private let folder: TemporaryFolder
    private static let (mine, other) = (String(repeating: "5e", count: 32), String(repeating: "07", count: 32))

    init() throws { folder = try TemporaryFolder() }

    private func certificate(_ id: String, holder: String, key: [UInt8]) -> KnownCertificate {
        var certificate = KnownCertificate.example()
        (certificate.id, certificate.holder, certificate.identityKey) = (id, holder, key)
        return certificate
    }

    private func approve(_ number: Int64, with id: String, key: [UInt8], result: String?, in store: Store) async throws
    {
        var approval = StoredApproval.example(number, identityKey: key)
        approval.certificate = id
        try await store.insert(approval)
        try await store.submit(
            .init(step: "consent", code: "1", cms: Array("signed-\(number)-by-\(id)".utf8), signedAt: 1), of: number)
        if let result { try await store.finish(number, .init(at: 5000, result: result)) }
    }

    /// Two certificates of one person, one of another, and an approval of each kind with them.
    private func fill(_ store: Store) async throws {
        try await store.remember([
            certificate(Self.mine, holder: "Şükrü İğdırlı", key: [1]),
            certificate("5f", holder: "Şükrü İğdırlı", key: [1]),
            certificate(Self.other, holder: "Ayşe Çağlar", key: [2]),
        ])
        try await store.remindersShown(certificate: Self.mine, thresholds: [30], at: 10)
        try await store.pinWasWrong([Self.mine, Self.other], state: "final-try", at: 10)
        for (number, result) in zip(Int64(1)..., ["recorded", "unknown", "failed", "cancelled", "signed"]) {
            try await approve(number, with: Self.mine, key: [1], result: result, in: store)
        }
        try await approve(6, with: "5f", key: [1], result: "recorded", in: store)
        try await approve(7, with: Self.other, key: [2], result: "recorded", in: store)
        try await approve(8, with: Self.mine, key: [1], result: nil, in: store)
    }

    /// Whether any file of the record has these octets.
    private func isOnDisk(_ text: String) -> Bool {
        ["eonay.db", "eonay.db-wal", "eonay.db-journal"].contains { name in
            guard let bytes = try? folder.read("state/\(name)") else { return false }
            return bytes.contains(Array(text.utf8))
        }
    }

    @Test func aForgottenCertificateIsInNoFileAndItsEvidenceStays() async throws {
        try await withStore(in: folder) { store async throws in
            try await fill(store)
            #expect(isOnDisk("Ayşe Çağlar") && isOnDisk("signed-3-by-\(Self.mine)"))
            let forgotten = try await store.forget(.init(.certificates([Self.mine]), includesEvidence: false))
            #expect(forgotten.certificates == [Self.mine] && forgotten.isErased)
            #expect(forgotten.approvals.sorted() == [3, 4, 5] && forgotten.kept == 2)
            #expect(try await store.certificates().map(\.id).sorted() == [Self.other, "5f"])
            #expect(try await store.pinStates() == [Self.other: "final-try"])
            // What goes on is not touched, and what was recorded stays with its signature.
            #expect(try await store.unfinishedApprovals().map(\.number) == [8])
            #expect(try await store.signatures(of: 1).count == 1)
            for number in 3...5 { #expect(!isOnDisk("signed-\(number)-by"), "\(number)") }
        }
        #expect(isOnDisk("signed-1-by-\(Self.mine)") && isOnDisk("Ayşe Çağlar"))
    }

    @Test func aPersonGoesWithAllThatWasSigned() async throws {
        try await withStore(in: folder) { store async throws in
            try await fill(store)
            try await store.finish(8, .init(at: 6000, result: "failed"))
            let range = ForgetOrder.Range.person(certificates: [Self.mine, "5f"], identityKey: [1])
            let forgotten = try await store.forget(.init(range, includesEvidence: true))
            #expect(forgotten.approvals.sorted() == [1, 2, 3, 4, 5, 6, 8] && forgotten.kept == 0)
            // While the store is still open, and after.
            for _ in 0..<2 {
                #expect(!isOnDisk(Self.mine) && !isOnDisk("Şükrü İğdırlı") && !isOnDisk("signed-1-by"))
                await store.close()
            }
        }
        #expect(isOnDisk("Ayşe Çağlar") && isOnDisk("signed-7-by"))
    }

    @Test func everythingGoesAndNumbersAreNotGivenAgain() async throws {
        try await withStore(in: folder) { store async throws in
            try await fill(store)
            try await store.finish(8, .init(at: 6000, result: "failed"))
            _ = try await store.reserveApprovalNumbers(20)
            try folder.write("state/eonay.db.broken-1", "Şükrü İğdırlı")
            let kept = try await store.forget(.init(.all, includesEvidence: false))
            #expect(kept.kept == 4 && kept.approvals.sorted() == [3, 4, 5, 8] && kept.certificates.count == 3)
            #expect((try? folder.read("state/eonay.db.broken-1")) != nil)
            let rest = try await store.forget(.init(.all, includesEvidence: true))
            #expect(rest.approvals.sorted() == [1, 2, 6, 7])
            #expect((try? folder.read("state/eonay.db.broken-1")) == nil)
            #expect(try await store.nextApprovalNumber() == 29)
            #expect(try await store.history(limit: 0).isEmpty)
        }
        for text in [Self.mine, Self.other, "İğdırlı", "Çağlar", "signed-"] { #expect(!isOnDisk(text), "\(text)") }
    }

    @Test func aReaderOfAnotherProgramIsToldOf() async throws {
        try await withStore(in: folder) { store async throws in
            try await fill(store)
            let script = """
                import sqlite3, sys
                connection = sqlite3.connect(sys.argv[1], isolation_level=None)
                connection.execute("BEGIN")
                connection.execute("SELECT * FROM certificate").fetchall()
                print("reads", flush=True)
                sys.stdin.read()
                """
            let reader = try await ChildProcess.start(Python.debian, ["-c", script, folder.database])
            try await reader.lines.next { $0.text == "reads" }
            let forgotten = try await store.forget(.init(.certificates([Self.mine]), includesEvidence: false))
            #expect(!forgotten.isErased)
            await reader.kill()
            #expect(try await store.forget(.init(.certificates([]), includesEvidence: false)).isErased)
            #expect(!isOnDisk("signed-3-by"))
        }
    }

    @Test func whatWasNotSeenForYearsAfterItsEndIsForgottenToTheSecond() async throws {
        let year: Int64 = 31_556_952
        try await withStore(in: folder) { store async throws in
            var certificates = ["ended", "seen", "present", "good"].map { certificate($0, holder: "", key: []) }
            for index in certificates.indices {
                (certificates[index].notAfter, certificates[index].lastSeen) = (1000, 900)
            }
            certificates[1].lastSeen = 100 * 86_400
            certificates[3].notAfter = 100 * year
            try await store.remember(certificates)
            let (now, month) = (1001 + 3 * year, Int64(30 * 86_400))
            func forgotten(_ time: Int64, _ years: Int = 3) async throws -> [String] {
                try await store.forgetEnded(at: time, afterYears: years, except: ["present"])
            }
            #expect(try await forgotten(now + 100 * month, 0) == [])
            #expect(try await forgotten(now - 1) == [])
            // Found now, and gone a month later.
            #expect(try await forgotten(now) == [])
            #expect(try await forgotten(now + month - 1) == [])
            #expect(try await forgotten(now + month) == ["ended"])
            #expect(try await store.certificates().map(\.id).sorted() == ["good", "present", "seen"])
        }
    }

    @Test func aClockThatIsYearsAheadForAWhileForgetsNothing() async throws {
        let (year, month) = (Int64(31_556_952), Int64(30 * 86_400))
        try await withStore(in: folder) { store async throws in
            var good = certificate("good", holder: "", key: [])
            var old = certificate("old", holder: "", key: [])
            (good.notAfter, good.lastSeen) = (10 * year, 9 * year)
            (old.notAfter, old.lastSeen) = (5 * year, 5 * year)
            try await store.remember([good, old])
            let now = 9 * year
            // The old one has been found for nearly a month when the clock goes wrong, and is set right.
            for time in [now, now + month - 10, now + 20 * year, now + 20 * year + 10, now + month - 5] {
                #expect(try await store.forgetEnded(at: time, afterYears: 3, except: []) == [])
            }
            #expect(try await store.forgetEnded(at: now + 2 * month, afterYears: 3, except: []) == ["old"])
            #expect(try await store.certificates().map(\.id) == ["good"])
        }
    }

    @Test func approvalsAreReadInPages() async throws {
        try await withStore(in: folder) { store async throws in
            try await fill(store)
            let first = try await store.approvals(after: 0, limit: 3)
            #expect(first.map(\.approval.number) == [1, 2, 3])
            #expect(first.map(\.signatures.count) == [1, 1, 1])
            #expect(try await store.approvals(after: 3, limit: 100).map(\.approval.number) == [4, 5, 6, 7, 8])
        }
    }
}
