// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
struct StoreTidyTests {
    @Test func tidyingKeepsWhatIsStored() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { store async throws in
            _ = try await store.remember([.example()])
            try await store.tidy()
            #expect(try await store.certificates().map(\.id) == ["c1"])
        }
    }

    @Test func aStoreThatIsNotOpenHasNothingToTidy() async throws {
        let folder = try TemporaryFolder()
        try await withStore(in: folder) { store async throws in
            await store.close()
            try await store.tidy()
        }
    }
}
