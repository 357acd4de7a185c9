// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
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

    @Test(arguments: [true, false])
    func aRecordOfTheTimeBeforeKindsHasThoseOfTheQualified(isReadOnly: Bool) async throws {
        var seal = KnownCertificate.example(2)
        seal.qualified = false
        try await withStore(in: folder) { [seal] store async throws in try await store.remember([.example(1), seal]) }
        try SQLiteConnection(path: folder.database).script(
            """
            DROP TABLE revocation; ALTER TABLE certificate DROP COLUMN kind; ALTER TABLE certificate DROP COLUMN issuer_key;
            PRAGMA user_version = 3
            """
        )
        try await withStore(in: folder, expecting: .existing) { store async throws in
            if isReadOnly { try await store.openForReading(besideOthers: false) }
            let certificates = try await store.certificates()
            #expect(certificates.map(\.kind) == ["nes", "other"] && certificates.map(\.issuerKey) == ["", ""])
            // Its card is read again.
            guard !isReadOnly else { return }
            try await store.remember([.example(2)])
            #expect(try await store.certificates().map(\.kind) == ["nes", "seal"])
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
            try await store.remindersShown(certificate: "c1", thresholds: [30], at: 2500)
            try await store.snooze(certificate: "c1", until: 8000)
            var again = KnownCertificate.example()
            again.firstSeen = 3000
            again.lastSeen = 3000
            again.holder = "Yeni"
            try await store.remember([again])
            again.firstSeen = 1500
            again.snoozedUntil = 8000
            again.remindersShown = [30: 2500]
            #expect(try await store.certificates() == [again])
        }
    }

    @Test func aReminderThatWasShownIsRememberedWithTheEarlierOnes() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            try await store.remindersShown(certificate: "c1", thresholds: [30], at: 1)
            try await store.remindersShown(certificate: "c1", thresholds: [30, 14, 0], at: 2)
            try await store.remindersShown(certificate: "unknown", thresholds: [30], at: 3)
        }
        try await withStore(in: folder) { store async throws in
            #expect(try await store.certificates().first?.remindersShown == [0: 2, 14: 2, 30: 1])
        }
    }

    @Test func aReminderThatNobodySawIsUnseenUntilItIsShown() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            try await store.remindersShown(certificate: "c1", thresholds: [30], at: 1)
            try await store.remindersShown(certificate: "c1", thresholds: [30, 14], at: 0)
            #expect(try await store.certificates().first?.remindersUnseen == [14])
            try await store.remindersShown(certificate: "c1", thresholds: [30, 14], at: 2)
            #expect(try await store.certificates().first?.remindersUnseen == [])
            try await store.reminderNotShown(certificate: "c1", threshold: 14)
            #expect(try await store.certificates().first?.remindersUnseen == [14])
            #expect(try await store.certificates().first?.remindersShown == [30: 1, 14: 2])
        }
    }

    @Test func aReminderOfATimeToComeGivesWayToOneThatIsSeenNow() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            try await store.remindersShown(certificate: "c1", thresholds: [30, 14], at: 90_000)
            try await store.remindersShown(certificate: "c1", thresholds: [7], at: 90_000, seen: false)
            #expect(try await store.certificates().first?.remindersUnseen == [7])
            try await store.remindersShown(certificate: "c1", thresholds: [30], at: 500)
            #expect(try await store.certificates().first?.remindersShown == [30: 500, 14: 90_000, 7: 90_000])
            try await store.remindersShown(certificate: "c1", thresholds: [7], at: 600)
            #expect(try await store.certificates().first?.remindersShown[7] == 600)
            #expect(try await store.certificates().first?.remindersUnseen == [])
        }
    }

    @Test func aReminderEndsTheSnoozeThatPutItOff() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember([.example()])
            try await store.snooze(certificate: "c1", until: 7000)
            try await store.remindersShown(certificate: "c1", thresholds: [30], at: 7000)
            #expect(try await store.certificates().first?.snoozedUntil == 0)
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
            try await store.remindersShown(certificate: "c0", thresholds: [3], at: 1)
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
