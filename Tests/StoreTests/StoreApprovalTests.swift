// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
struct StoreApprovalTests {
    private let folder: TemporaryFolder
    private let login = StoredSignature(step: "login", code: "638856212993845", cms: [0x30, 0, 1], signedAt: 5100)
    private let consent = StoredSignature(step: "consent", code: "112233445566778", cms: [0x30, 2], signedAt: 5200)

    init() throws { folder = try TemporaryFolder() }

    @Test func anUnfinishedApprovalSurvivesWithItsSignatures() async throws {
        var approval = StoredApproval.example(token: "abc")
        try await withStore(in: folder) { store async throws in
            #expect(try await store.nextApprovalNumber() == 1)
            try await store.insert(approval)
            approval.state = "submitting"
            approval.step = 1
            approval.steps = 2
            approval.deadline = 5400
            #expect(try await store.update(approval))
            try await store.submit(login, of: 1)
            try await store.submit(consent, of: 1)
        }
        approval.isSubmitted = true
        try await withStore(in: folder) { store async throws in
            #expect(try await store.unfinishedApprovals() == [approval])
            #expect(try await store.handleTokens() == ["abc": 1])
            #expect(try await store.signatures(of: 1) == [login, consent])
            #expect(try await store.nextApprovalNumber() == 2)
        }
    }

    @Test func anApprovalCountsAsSubmittedOnlyOnceASignatureIsHandedOver() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example())
            #expect(try await store.unfinishedApprovals().first?.isSubmitted == false)
            try await store.submit(login, of: 1)
            #expect(try await store.unfinishedApprovals().first?.isSubmitted == true)
        }
    }

    @Test func theSameStepTwiceIsOneSignature() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example())
            try await store.submit(login, of: 1)
            try await store.submit(login, of: 1)
            #expect(try await store.signatures(of: 1) == [login])
        }
    }

    @Test func earlierSignaturesAreKeptWithTheOneThatIsSubmitted() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example())
            try await store.submit(consent, after: [login], of: 1)
            #expect(try await store.signatures(of: 1) == [login, consent])
        }
    }

    @Test func whatWasSignedIsKeptWithAnEndThatSubmittedNothing() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example())
            let end = StoredApproval.End(at: 5, result: "failed", error: "org.eonay.EOnay1.Error.PinCancelled")
            #expect(try await store.finish(1, end, signatures: [login]))
            #expect(try await store.signatures(of: 1) == [login])
            #expect(try await store.endedApprovals(since: 0, limit: 9).first?.isSubmitted == false)
        }
    }

    @Test func theCodeThatWasAskedAboutSurvives() async throws {
        try await withStore(in: folder) { store async throws in
            var approval = StoredApproval.example()
            (approval.kind, approval.code) = (.signCode, "638856212993845")
            try await store.insert(approval)
            #expect(try await store.unfinishedApprovals() == [approval])
        }
    }

    @Test func aHandleTokenIsFreeADayAfterItsApprovalEnded() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example(1, token: "abc"))
            try await store.finish(1, StoredApproval.End(at: 5000 - 86_399, result: "recorded", reference: "R"))
            await #expect(throws: StoreError(.unexpected, call: "", detail: "")) {
                try await store.insert(.example(2, token: "abc"))
            }
            var later = StoredApproval.example(3, token: "abc")
            later.startedAt = 5001
            try await store.insert(later)
            #expect(try await store.handleTokens() == ["abc": 3])
            #expect(try await store.history(limit: 0).map(\.reference) == ["R"])
        }
    }

    @Test func numbersAreGivenOnceWhetherTheyAreUsedOrNot() async throws {
        try await withStore(in: folder) { store async throws in
            #expect(try await store.reserveApprovalNumbers(64) == 1..<65)
            try await store.insert(.example(7))
        }
        try await withStore(in: folder) { store async throws in
            #expect(try await store.nextApprovalNumber() == 65)
            #expect(try await store.reserveApprovalNumbers(2) == 65..<67)
            try await store.insert(.example(90))
            #expect(try await store.reserveApprovalNumbers(1) == 91..<92)
        }
    }

    @Test func handleTokensAreKnownWithTheirNumbers() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example(1, token: "abc"))
            try await store.insert(.example(2))
            try await store.insert(.example(3, token: "abd"))
            try await store.finish(1, StoredApproval.End(at: 5, result: "failed"))
            #expect(try await store.handleTokens() == ["abc": 1, "abd": 3])
            #expect(try await store.handleTokens(since: 6) == ["abd": 3])
            #expect(try await store.handleTokens(limit: 1) == ["abd": 3])
        }
    }

    @Test func aSignatureOfNoApprovalIsRefused() async throws {
        try await withStore(in: folder) { store async throws in
            await #expect(throws: StoreError(.unexpected, call: "", detail: "")) {
                try await store.submit(login, of: 9)
            }
        }
    }

    @Test func aHandleTokenIsTakenOnce() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example(1, token: "abc"))
            await #expect(throws: StoreError(.unexpected, call: "", detail: "")) {
                try await store.insert(.example(2, token: "abc"))
            }
            try await store.insert(.example(3))
            try await store.insert(.example(4))
            #expect(try await store.unfinishedApprovals().map(\.number) == [1, 3, 4])
        }
    }

    @Test func anEndStandsForEver() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.insert(.example())
            let end = StoredApproval.End(at: 6000, result: "recorded", reference: "R-1", confirmationNumber: "012345")
            #expect(try await store.finish(1, end))
            #expect(try await store.finish(1, .init(at: 7000, result: "failed", error: "Internal")) == false)
            #expect(try await store.update(.example()) == false)
            let ended = try #require(try await store.endedApprovals(since: 0, limit: 64).first)
            #expect(ended.end == end)
            #expect(ended.state == "done")
            #expect(try await store.unfinishedApprovals().isEmpty)
        }
    }

    @Test func theUnknownMayBecomeKnownAndKeepsItsPlace() async throws {
        try await withStore(in: folder) { store async throws in
            for number in 1...2 { try await store.insert(.example(Int64(number))) }
            try await store.finish(1, .init(at: 6000, result: "unknown", error: "PortalUnreachable"))
            try await store.finish(2, .init(at: 6100, result: "recorded", reference: "R-2"))
            #expect(try await store.finish(1, .init(at: 6200, result: "recorded", reference: "R-1")))
            #expect(try await store.history(limit: 0).map(\.reference) == ["R-2", "R-1"])
            #expect(try await store.newestDecisions().map(\.reference) == ["R-2"])
        }
    }

    @Test func recentEndsAreFoundNewestFirst() async throws {
        try await withStore(in: folder) { store async throws in
            for number in 1...4 {
                try await store.insert(.example(Int64(number)))
                try await store.finish(Int64(number), .init(at: Int64(number) * 1000, result: "cancelled"))
            }
            #expect(try await store.endedApprovals(since: 2000, limit: 64).map(\.number) == [4, 3, 2])
            #expect(try await store.endedApprovals(since: 2000, limit: 1).map(\.number) == [4])
        }
    }
}
