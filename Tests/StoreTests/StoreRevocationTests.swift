// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

@testable import Store

/// What responders have said is remembered with the certificate that it is about.
@Suite(.timeLimit(.minutes(1))) struct StoreRevocationTests {
    private static let suspended = StoredRevocation(
        state: "suspended", since: 5, reason: "certificateHold", thisUpdate: 6, askedAt: 7, wasGood: false)

    @Test func theNewestWordIsRemembered() async throws {
        let folder = try TemporaryFolder()
        let good = StoredRevocation(state: "good", thisUpdate: 8, askedAt: 9, wasGood: true)
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example(1), .example(2)])
            try await store.remember(Self.suspended, of: "c1")
            try await store.remember(Self.suspended, of: "c2")
            try await store.remember(good, of: "c2")
            try await store.remember(good, of: "nobody")
        }
        try await withStore(in: folder, expecting: .existing) { store async throws in
            #expect(try await store.revocations() == ["c1": Self.suspended, "c2": good])
        }
    }

    @Test func itIsRescuedFromADamagedRecordWithItsCertificate() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example(1)])
            try await store.remember(Self.suspended, of: "c1")
        }
        // The mark of the file is damaged, so everything is copied.
        try SQLiteConnection(path: folder.database).script("PRAGMA application_id = 7")
        try await withStore(in: folder) { store async throws in
            #expect(try await store.revocations() == ["c1": Self.suspended])
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.state).count { $0.hasSuffix(".broken-1") } == 1)
    }

    @Test func aRecordOfTheTimeBeforeHasNone() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { try await $0.remember([.example(1)]) }
        try SQLiteConnection(path: folder.database).script("DROP TABLE revocation; PRAGMA user_version = 4")
        try await withStore(in: folder, expecting: .existing) { store async throws in
            #expect(try await store.revocations().isEmpty)
            try await store.remember(Self.suspended, of: "c1")
            #expect(try await store.revocations().count == 1)
        }
    }
}
