// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

struct StoreCertificateTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aCertificateIsThereAfterARestart() async throws {
        try await withStore(in: folder, expecting: .created) { store async throws in
            try await store.remember([.example(1), .example(2)])
        }
        try await withStore(in: folder, expecting: .existing) { store async throws in
            #expect(try await store.certificates() == [.example(1), .example(2)])
        }
    }

    @Test func emptyFieldsStayEmptyAndAreNotNull() async throws {
        var bare = KnownCertificate.example()
        bare.holder = ""
        bare.identityKey = []
        bare.hindrances = []
        bare.qualified = false
        try await withStore(in: folder) { store async throws in
            try await store.remember([bare])
            #expect(try await store.certificates() == [bare])
        }
    }

    @Test func seenAgainItKeepsItsPast() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            try await store.snooze(certificate: "c1", until: 8000)
            try await store.reminderShown(certificate: "c1", rung: 30, at: 2500)
            var again = KnownCertificate.example()
            again.firstSeen = 3000
            again.lastSeen = 3000
            again.holder = "Yeni"
            try await store.remember([again])
            again.firstSeen = 1500
            again.snoozedUntil = 8000
            again.remindersShown = [30]
            #expect(try await store.certificates() == [again])
        }
    }

    @Test func aReminderIsShownOnce() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            #expect(try await store.reminderShown(certificate: "c1", rung: 30, at: 1))
            #expect(try await store.reminderShown(certificate: "c1", rung: 30, at: 2) == false)
            #expect(try await store.reminderShown(certificate: "c1", rung: 0, at: 3))
            #expect(try await store.reminderShown(certificate: "unknown", rung: 30, at: 4) == false)
        }
        try await withStore(in: folder) { store async throws in
            #expect(try await store.certificates().first?.remindersShown == [0, 30])
        }
    }

    @Test func aSnoozeIsSetAndEnded() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            #expect(try await store.snooze(certificate: "c1", until: 7000))
            #expect(try await store.certificates().first?.snoozedUntil == 7000)
            #expect(try await store.snooze(certificate: "c1", until: 0))
            #expect(try await store.certificates().first?.snoozedUntil == 0)
            #expect(try await store.snooze(certificate: "unknown", until: 7000) == false)
        }
    }

    @Test func moreThanAThousandForgetsTheLongestUnseen() async throws {
        try await withStore(in: folder) { store async throws in
            #expect(try await store.remember((0..<1000).map { .example($0, lastSeen: Int64($0)) }) == [])
            try await store.reminderShown(certificate: "c0", rung: 3, at: 1)
            #expect(try await store.remember([.example(1000)]) == ["c0"])
            #expect(try await store.certificates().count == 1000)
        }
    }

    @Test func theSaltIsMadeOnce() async throws {
        var salt: [UInt8] = []
        try await withStore(in: folder) { store async throws in salt = try await store.identitySalt() }
        #expect(salt.count == 32 && Set(salt).count > 8)
        try await withStore(in: folder) { store async throws in #expect(try await store.identitySalt() == salt) }
    }
}
