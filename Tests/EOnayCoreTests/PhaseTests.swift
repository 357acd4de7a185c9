// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PhaseTests {
    /// Three years of 365 days that begin at an odd second.
    private let validity = Validity(notBefore: 1_700_000_007, notAfter: 1_700_000_007 + 1095 * 86_400)
    private var end: Int64 { validity.notAfter }

    @Test func eachPhaseBeginsOnItsSecond() {
        let window = RenewalWindow.usual
        let expected: [(Int64, Phase)] = [
            (validity.notBefore - 1, .notYetValid), (validity.notBefore, .valid),
            (end - 30 * 86_400 - 1, .valid), (end - 30 * 86_400, .renewalDue),
            (end, .renewalDue), (end + 1, .expired), (.max, .expired), (.min, .notYetValid),
        ]
        for (now, phase) in expected { #expect(window.phase(of: validity, at: now) == phase) }
    }

    @Test func notYetValidIsNotRenewalDue() throws {
        let short = Validity(notBefore: 1000, notAfter: 1000 + 10 * 86_400)
        #expect(RenewalWindow.usual.phase(of: short, at: 999) == .notYetValid)
        #expect(RenewalWindow.usual.phase(of: short, at: 1000) == .renewalDue)
        #expect(RenewalWindow.usual.nextChange(of: short, after: 0) == 1000)
    }

    @Test func aCertificateThatEndsBeforeItBeginsHasExpired() {
        let odd = Validity(notBefore: 2000, notAfter: 1000)
        #expect(RenewalWindow.usual.phase(of: odd, at: 500) == .notYetValid)
        #expect(RenewalWindow.usual.phase(of: odd, at: 1001) == .expired)
    }

    @Test func theNextChangeIsTheFirstSecondOfTheNextPhase() {
        let window = RenewalWindow.usual
        var changes: [Int64] = []
        var now: Int64 = 0
        while let next = window.nextChange(of: validity, after: now) {
            #expect(window.phase(of: validity, at: next - 1) != window.phase(of: validity, at: next))
            changes.append(next)
            now = next
        }
        #expect(changes == [validity.notBefore, end - 30 * 86_400, end + 1])
    }

    @Test func daysLeftAreRoundedDown() {
        let expected: [(Int64, Int)] = [
            (end - 86_400, 1), (end - 86_399, 0), (end, 0), (end + 1, -1), (end + 86_400, -1), (end + 86_401, -2),
            (validity.notBefore, 1095),
        ]
        for (now, days) in expected { #expect(validity.daysLeft(at: now) == days) }
    }

    @Test func timesThatNoCertificateCanSayDoNoHarm() {
        let wild = Validity(notBefore: .min, notAfter: .max)
        #expect(RenewalWindow.usual.phase(of: wild, at: .max) == .expired)
        #expect(wild.daysLeft(at: .min) > 0)
        #expect(wild.daysLeft(at: .max) == 0)
        #expect(RenewalWindow.usual.nextChange(of: wild, after: .max) == nil)
    }

    @Test func aWindowIsOneToThreeHundredAndSixtyFiveDays() {
        #expect(RenewalWindow(days: 0) == nil)
        #expect(RenewalWindow(days: 366) == nil)
        #expect(RenewalWindow(days: 1)?.phase(of: validity, at: end - 86_400) == .renewalDue)
        #expect(RenewalWindow(days: 365)?.phase(of: validity, at: end - 365 * 86_400) == .renewalDue)
    }

    @Test func thePhasesAreCalledAsOnTheBus() {
        #expect(Phase.allCases.map(\.rawValue) == ["not-yet-valid", "valid", "renewal-due", "expired"])
    }
}
