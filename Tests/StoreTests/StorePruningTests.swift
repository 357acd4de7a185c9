// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

/// Each table that callers can make grow has a limit.
@Suite(.timeLimit(.minutes(1))) struct StorePruningTests {
    private let folder: TemporaryFolder
    private static let day: Int64 = 86_400

    init() throws { folder = try TemporaryFolder() }

    @Test func whatNothingWasRecordedByIsDroppedAfterThirtyDays() async throws {
        let now = 100 * Self.day
        try await withStore(in: folder) { store async throws in
            for (index, result) in ["recorded", "unknown", "failed", "cancelled", "signed"].enumerated() {
                for (offset, end) in [now - 30 * Self.day, now - 30 * Self.day + 1].enumerated() {
                    let number = Int64(index * 2 + offset + 1)
                    try await store.insert(.example(number, token: "t\(number)"))
                    try await store.submit(.init(step: "login", code: "1", cms: [1], signedAt: 1), of: number)
                    try await store.finish(number, .init(at: end, result: result))
                }
            }
            try await store.insert(.example(11, token: "t11"))
            #expect(try await store.prune(at: now, keepingRenewalsRefusedAs: "E") == false)
            let left = try await store.endedApprovals(since: 0, limit: 100).map(\.number).sorted()
            #expect(left == [1, 2, 3, 4, 6, 8, 10])
            #expect(try await store.signatures(of: 5).isEmpty)
            #expect(try await store.signatures(of: 6).count == 1)
            #expect(try await store.unfinishedApprovals().map(\.number) == [11])
            // A repeat can matter of none but the one that goes on.
            #expect(try await store.handleTokens() == ["t11": 11])
        }
    }

    @Test func theNewestRefusalOfARenewalStays() async throws {
        try await withStore(in: folder) { store async throws in
            for number: Int64 in 1...3 {
                var approval = StoredApproval.example(number)
                (approval.kind, approval.decision) = (.renew, "")
                try await store.insert(approval)
                try await store.finish(number, .init(at: 1, result: "failed", error: "Filed"))
            }
            _ = try await store.prune(at: 90 * Self.day, keepingRenewalsRefusedAs: "Filed")
            #expect(try await store.endedApprovals(since: 0, limit: 9).map(\.number) == [3])
            #expect(try await store.filedRenewals(orRefusedAs: "Filed") == ["c1"])
        }
    }

    @Test func tenThousandOfThemStayAtMostAndAllThatWasRecorded() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.fill(recorded: 1...300, failed: 301...11_300)
            var rounds = 0
            while try await store.prune(at: 5, keepingRenewalsRefusedAs: "E") { rounds += 1 }
            #expect((1...10).contains(rounds))
            let left = try await store.endedApprovals(since: 0, limit: 20_000)
            #expect(left.count == 10_300)
            #expect(left.filter { $0.end?.result == "recorded" }.count == 300)
            #expect(left.first?.number == 11_300)
        }
    }

    @Test func numbersOfWhatWasDroppedAreNotGivenAgain() async throws {
        try await withStore(in: folder) { store async throws in
            _ = try await store.reserveApprovalNumbers(9)
            try await store.insert(.example(9))
            try await store.finish(9, .init(at: 1, result: "failed"))
            _ = try await store.prune(at: 90 * Self.day, keepingRenewalsRefusedAs: "E")
            #expect(try await store.nextApprovalNumber() == 10)
        }
    }

    /// 100,000 rows: what a start takes from them is bounded.
    @Test func aStartTakesNoMoreThanItNeeds() async throws {
        try await withStore(in: folder) { try await $0.fill(recorded: 1...1, failed: 2...100_000) }
        // In a process of its own: the other tests of this one need memory, too.
        let writer = try Programs.built("store-writer")
        let empty = try await TestBench.run(writer, ["recall", folder.file("empty")]).check()
        let full = try await TestBench.run(writer, ["recall", folder.state]).check()
        let (least, most) = try (#require(Int(empty.lines[0].text)), #require(Int(full.lines[0].text)))
        #expect(most - least < 4096, "\(most - least) KiB more")
    }
}

extension Store {
    /// Ended approvals, in one transaction to spare the disk.
    fileprivate func fill(recorded: ClosedRange<Int64>, failed: ClosedRange<Int64>) throws {
        try transaction { (connection) throws(StoreError) in
            for number in recorded.lowerBound...failed.upperBound {
                try connection.run(
                    """
                    INSERT INTO approval (number, kind, handle_token, fingerprint, certificate, identity_key, portal,
                        started_at, decision, state, step, steps, deadline, end_order, ended_at, result)
                    VALUES (?1, 'approve', 'token-of-a-caller-' || ?1, x'0102030405060708', '', x'01',
                        'https://portal.example.org', 0, 'accept', 'done', 0, 0, 0, ?1, ?1, ?2)
                    """, .integer(number), .text(recorded.contains(number) ? "recorded" : "failed"))
            }
        }
    }
}
