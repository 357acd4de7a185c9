// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

private let end: Int64 = 1_800_000_123
private let day = Validity.day

private func certificate(
    _ id: String, from begin: Int64 = end - 1095 * day, to end: Int64 = end, person: UInt8 = 1,
    kind: CertificateKind = .nes, firstSeen: Int64 = 0, told: [Int: Int64] = [:], snoozed: Int64 = 0
) -> RemindedCertificate {
    RemindedCertificate(
        id: id, identityKey: [person], isQualified: kind.isNES, kind: kind,
        validity: Validity(notBefore: begin, notAfter: end), firstSeen: firstSeen, shown: told, snoozedUntil: snoozed)
}

/// The change from a person's old certificate to the new one.
@Suite(.timeLimit(.minutes(1)))
struct HandoverTests {
    private let planner = ReminderPlanner()

    private func handovers(_ certificates: RemindedCertificate..., at now: Int64) -> [Reminder] {
        planner.plan(for: certificates, at: now).due
    }

    private func successors(_ certificates: RemindedCertificate...) -> [String: String] {
        RemindedCertificate.successors(among: certificates).mapValues(\.id)
    }

    @Test func theSuccessorIsThePersonsNextOneOfTheSameKind() {
        let (old, next, last) = (
            certificate("a"), certificate("b", to: end + 900 * day), certificate("c", to: end + 1900 * day)
        )
        #expect(successors(last, old, next) == ["a": "b", "b": "c"])
        #expect(successors(old, certificate("b", to: end + 1, person: 2)).isEmpty)
        #expect(successors(old, certificate("b", to: end + 1, kind: .authentication)).isEmpty)
        // Two that end together follow each other in neither direction.
        #expect(successors(old, certificate("b")).isEmpty)
        let nameless = ["a", "b"].map {
            RemindedCertificate(
                id: $0, identityKey: [], isQualified: true,
                validity: Validity(notBefore: 0, notAfter: $0 == "a" ? 1 : 2))
        }
        #expect(RemindedCertificate.successors(among: nameless).isEmpty)
    }

    @Test func atTheVerySecondTheNewOneTakesOver() {
        // As Kamu SM renews: the new one begins with the old one's last second.
        let (old, new) = (certificate("a"), certificate("b", from: end, to: end + 1095 * day))
        let before = planner.plan(for: [old, new], at: end - 5 * day)
        #expect(before.due.isEmpty && before.next == end)
        #expect(handovers(old, new, at: end - 1).isEmpty)
        #expect(
            handovers(old, new, at: end) == [
                Reminder(
                    certificate: "a", threshold: Reminder.handover, daysLeft: 0, supersedes: [30, 14, 7, 3, 1, 0, -1],
                    successor: "b")
            ])
        // Once, and the end itself needs no other word.
        let told = certificate("a", told: [-1: end])
        #expect(handovers(told, new, at: end).isEmpty && handovers(told, new, at: end + 1).isEmpty)
    }

    @Test func anOverlapIsHandedOverAtItsBeginning() {
        let (old, new) = (certificate("a"), certificate("b", from: end - 20 * day, to: end + 1075 * day))
        #expect(handovers(old, new, at: end - 20 * day - 1).isEmpty)
        #expect(handovers(old, new, at: end - 20 * day).map(\.successor) == ["b"])
    }

    @Test func aNewOneThatHadBegunWhenItCameTakesOverAtTheOldOnesEnd() {
        let seen = end - 10 * day
        let (old, new) = (
            certificate("a"), certificate("b", from: end - 20 * day, to: end + 1075 * day, firstSeen: seen)
        )
        #expect(planner.plan(for: [old, new], at: seen).due.isEmpty)
        #expect(handovers(old, new, at: end).isEmpty)
        #expect(handovers(old, new, at: end + 1).map(\.threshold) == [-1])
    }

    @Test func whatHadPassedWhenBothWereKnownIsNotSaid() {
        let new = certificate("b", from: end - 20 * day, to: end + 1075 * day, firstSeen: end + 100)
        #expect(handovers(certificate("a"), new, at: end + 200).isEmpty)
        #expect(handovers(certificate("a", firstSeen: end + 100), new, at: end + 200).isEmpty)
    }

    @Test func aComputerThatWasOffSaysItLaterButNotAMonthLater() {
        let (old, new) = (certificate("a"), certificate("b", from: end, to: end + 1095 * day))
        #expect(handovers(old, new, at: end + 29 * day).map(\.threshold) == [-1])
        #expect(handovers(old, new, at: end + 30 * day).isEmpty)
    }

    @Test func aGapIsSaidAtTheEndAndTheNewOneAtItsBeginning() throws {
        let (old, new) = (certificate("a"), certificate("b", from: end + 5 * day, to: end + 1100 * day))
        let before = planner.plan(for: [old, new], at: end - 5 * day)
        #expect(before.due.isEmpty && before.next == end + 1)
        let ended = try #require(handovers(old, new, at: end + 1).first)
        #expect(ended.threshold == 0 && ended.successor == nil)
        let told = certificate("a", told: [0: end + 1])
        #expect(planner.plan(for: [told, new], at: end + 1) == ReminderPlan(due: [], next: end + 5 * day))
        #expect(handovers(told, new, at: end + 5 * day).map(\.threshold) == [-1])
    }

    @Test func aSnoozeDoesNotHoldItUp() {
        let new = certificate("b", from: end - 5 * day, to: end + 1090 * day)
        let old = certificate("a", snoozed: end - day)
        #expect(planner.plan(for: [old, new], at: end - 6 * day).next == end - 5 * day)
        #expect(handovers(old, new, at: end - 5 * day).map(\.threshold) == [-1])
    }

    @Test func othersThanThoseRemindedOfChangeOverInSilence() {
        let (old, new) = (
            certificate("a", kind: .eSeal), certificate("b", from: end, to: end + 1095 * day, kind: .eSeal)
        )
        #expect(handovers(old, new, at: end).isEmpty)
        let seals = (certificate("a", kind: .seal), certificate("b", from: end, to: end + 1095 * day, kind: .seal))
        #expect(handovers(seals.0, seals.1, at: end).map(\.threshold) == [-1])
        #expect(ReminderPlanner(isEnabled: false).plan(for: [seals.0, seals.1], at: end).due.isEmpty)
    }

    @Test func onlyTheKindsThatAreAskedForAreRemindedOf() {
        for kind in CertificateKind.allCases {
            let all = [certificate("a", kind: kind)]
            let isUsual = [.nes, .mobileNES, .seal].contains(kind)
            #expect(planner.plan(for: all, at: end - day).due.isEmpty != isUsual, "\(kind)")
            #expect(ReminderPlanner(kinds: [kind]).plan(for: all, at: end - day).due.count == 1)
        }
        // A person's certificate that cannot sign is not worth renewing.
        let broken = RemindedCertificate(
            id: "a", identityKey: [1], isQualified: false, validity: certificate("a").validity)
        #expect(planner.plan(for: [broken], at: end - day).due.isEmpty)
    }
}
