// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

/// A wrong PIN is remembered until a right one.
@Suite(.timeLimit(.minutes(1))) struct StorePINTests {
    @Test func aWrongPINIsRememberedByCertificateUntilARightOne() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { store async throws in
            try await store.pinWasWrong(["a", "b"], state: "count-low", at: 1)
            try await store.pinWasWrong(["b"], state: "final-try", at: 2)
        }
        try await withStore(in: folder) { store async throws in
            #expect(try await store.pinStates() == ["a": "count-low", "b": "final-try"])
            try await store.pinWasRight(["b", "unknown"])
            #expect(try await store.pinStates() == ["a": "count-low"])
        }
    }

    @Test func ofMoreCardsThanAnybodyHasTheOldestAreForgotten() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { store async throws in
            try await store.pinWasWrong((0..<1000).map { "c\($0)" }, state: "locked", at: 5)
            try await store.pinWasWrong(["new"], state: "count-low", at: 6)
            let states = try await store.pinStates()
            #expect(states.count == 1000 && states["new"] == "count-low")
        }
    }

    @Test func aRecordOfTheTimeBeforeHasNone() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { _ in }
        try SQLiteConnection(path: folder.database).script(
            """
            DROP TABLE revocation; DROP TABLE pin; ALTER TABLE approval DROP COLUMN error_detail;
            ALTER TABLE certificate DROP COLUMN kind; ALTER TABLE certificate DROP COLUMN issuer_key;
            PRAGMA user_version = 1
            """)
        try await withStore(in: folder, expecting: .existing) { store async throws in
            #expect(try await store.pinStates().isEmpty)
            try await store.pinWasWrong(["a"], state: "locked", at: 1)
        }
    }
}
