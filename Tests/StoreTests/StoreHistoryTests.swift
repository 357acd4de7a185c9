// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
struct StoreHistoryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func historyTellsDecisionsThatEnded() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example(1))
            var loginOnly = StoredApproval.example(2)
            loginOnly.kind = .signCode
            loginOnly.decision = ""
            try await store.insert(loginOnly)
            try await store.insert(.example(3))
            try await store.finish(2, .init(at: 6000, result: "signed"))
            try await store.finish(3, .init(at: 6100, result: "cancelled", error: "Cancelled"))
            #expect(
                try await store.history(limit: 10) == [
                    HistoryEntry(
                        at: 6100, certificate: "c1", identityKey: [1, 2, 3], decision: "accept", result: "cancelled",
                        portal: "https://portal.example.org", reference: "")
                ])
        }
    }

    @Test(arguments: [(0, 1000), (1, 1), (1000, 1000), (1001, 1000), (-1, 1000), (Int.max, 1000)])
    func atMostAThousandAreTold(limit: Int, count: Int) async throws {
        try await withStore(in: folder) { store async throws in
            try await store.fillHistory(1003)
            let told = try await store.history(limit: limit)
            #expect(told.count == count)
            #expect(told.first?.at == 1003)
        }
    }

    @Test func theNewestRecordedDecisionOfEachPersonCountsWhateverTheClockSaid() async throws {
        try await withStore(in: folder) { store async throws in
            let ends: [(key: UInt8, decision: String, at: Int64, result: String)] = [
                (1, "accept", 9000, "recorded"), (2, "accept", 9000, "recorded"), (1, "decline", 8000, "recorded"),
                (1, "accept", 9500, "failed"),
            ]
            for (index, end) in ends.enumerated() {
                var approval = StoredApproval.example(Int64(index + 1), identityKey: [end.key])
                approval.decision = end.decision
                try await store.insert(approval)
                try await store.finish(approval.number, .init(at: end.at, result: end.result))
            }
            let newest = try await store.newestDecisions().map { ($0.identityKey, $0.decision, $0.at) }
            #expect(newest.count == 2)
            #expect(newest.contains { $0 == ([1], "decline", 8000) })
            #expect(newest.contains { $0 == ([2], "accept", 9000) })
        }
    }

    @Test func aCertificateThatNamesNobodyHasNoDecision() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example(1, identityKey: []))
            try await store.finish(1, .init(at: 1, result: "recorded"))
            #expect(try await store.newestDecisions().isEmpty)
        }
    }
}

extension Store {
    /// Ended decisions 1 to `count`, in one transaction to spare the disk.
    fileprivate func fillHistory(_ count: Int64) throws {
        try transaction { connection throws(StoreError) in
            for number in 1...count {
                try connection.run(
                    """
                    INSERT INTO approval (number, kind, fingerprint, certificate, identity_key, portal, started_at,
                        decision, state, step, steps, deadline, end_order, ended_at, result)
                    VALUES (?1, 'approve', x'', '', x'', '', 0, 'accept', 'done', 0, 0, 0, ?1, ?1, 'recorded')
                    """, .integer(number))
            }
        }
    }
}
