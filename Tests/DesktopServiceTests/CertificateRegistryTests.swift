// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Store
import Testing
import Texts

@testable import DesktopService

/// The known certificates, and what follows from them for a reminder's buttons.
@Suite(.timeLimit(.minutes(1)))
struct CertificateRegistryTests {
    private let now: Int64 = 1_800_000_000
    private let origin: Origin

    init() throws { origin = try Origin("https://portal.example.org") }

    private func certificate(
        _ id: String, key: [UInt8] = [1], end: Int64 = 1_900_000_000, hindrances: [String] = []
    ) -> KnownCertificate {
        KnownCertificate(
            id: id, holder: "Şükrü İğdırlı", maskedIdentity: "", identityKey: key, issuer: "Deneme", serialNumber: "",
            notBefore: 1_700_000_000, notAfter: end, keyType: "", qualified: true, hindrances: hindrances,
            firstSeen: now, lastSeen: now)
    }

    private func registry(_ certificates: KnownCertificate...) -> CertificateRegistry {
        let registry = CertificateRegistry()
        registry.load(JournalContents(certificates: certificates, identitySalt: []))
        return registry
    }

    /// An approval with the certificate "a" was recorded.
    private func record(
        _ kind: ApprovalRequest.Kind, key: [UInt8] = [1], portal: Origin? = nil, in registry: CertificateRegistry
    ) {
        let request = ApprovalRequest(kind: kind, certificate: "a", portal: portal ?? origin)
        let decision: Decision? = if case .approve(let decision) = kind { decision } else { nil }
        let end = ApprovalEnd(at: now, outcome: ApprovalOutcome(.recorded, reference: "EO-1"), message: "")
        registry.note(
            end,
            of: ApprovalView(
                number: 1, handleToken: nil, request: request, startedAt: now, identityKey: key,
                status: ApprovalStatus(
                    state: end.outcome.result.state, step: 2, steps: 2, decision: decision, deadline: 0,
                    outcome: end.outcome), end: end, signatures: []))
    }

    // MARK: - Known certificates

    @Test func theSoonestEndComesFirst() {
        let registry = registry(certificate("b", end: 2), certificate("a", end: 2), certificate("c", end: 1))
        #expect(registry.order == ["c", "a", "b"] && registry.listed.map(\.known.id) == registry.order)
        registry.forget(["a"])
        #expect(registry.order == ["c", "b"] && registry["a"] == nil)
    }

    @Test func aCardThatIsReadAgainKeepsWhatWasRemembered() {
        var old = certificate("a")
        (old.firstSeen, old.snoozedUntil) = (5, now + 10)
        (old.remindersShown, old.remindersUnseen) = ([30: 6], [30])
        let registry = registry(old)
        registry.take([.ending("a")], at: now)
        let known = registry["a"]?.known
        #expect(known?.firstSeen == 5 && known?.lastSeen == now && known?.snoozedUntil == now + 10)
        #expect(known?.remindersShown == [30: 6] && known?.remindersUnseen == [30])
    }

    @Test func aRecordThatIsLoadedAgainAddsItsReminders() {
        let registry = registry(certificate("a"))
        registry.note([Reminder(certificate: "a", threshold: 14, daysLeft: 9, supersedes: [14, 30])], at: now)
        var recorded = certificate("a")
        (recorded.remindersShown, recorded.remindersUnseen) = ([30: 7, 7: 8], [7])
        registry.load(JournalContents(certificates: [recorded], identitySalt: []))
        #expect(registry["a"]?.known.remindersShown == [30: 7, 14: now, 7: 8])
        #expect(registry["a"]?.known.remindersUnseen == [7])
    }

    @Test func aReminderEndsASnooze() {
        let registry = registry(certificate("a"))
        registry.snooze("a", until: now + 10)
        #expect(registry["a"]?.known.snoozedUntil == now + 10)
        registry.note([Reminder(certificate: "a", threshold: 30, daysLeft: 20, supersedes: [30])], at: now)
        #expect(registry["a"]?.known.snoozedUntil == 0)
    }

    @Test func hindrancesOfTheDatesFollowTheLastingOnes() {
        let registry = registry(certificate("a", hindrances: ["NotQualified", "OfALaterVersion"]))
        let entry = registry["a"]
        #expect(entry?.hindrances(at: now) == [.notQualified, .notQualified])
        #expect(entry?.hindrances(at: 1_699_999_999).last == .certificateNotYetValid)
        #expect(entry?.hindrances(at: 1_900_000_001).last == .certificateExpired)
    }

    @Test func anIdentityNumberInANameIsMasked() {
        var known = certificate("a")
        known.holder = "10000000146"
        #expect(known.masked.holder != known.holder && certificate("a").masked == certificate("a"))
    }

    // MARK: - Persons

    @Test func aDecisionCountsForAllCertificatesOfItsPerson() {
        let registry = registry(
            certificate("a"), certificate("b"), certificate("c", key: [2]), certificate("d", key: []))
        record(.approve(.accept), in: registry)
        record(.approve(.decline), key: [], in: registry)
        #expect(registry.decision(for: "b")?.decision == "accept")
        #expect(registry.decision(for: "c") == nil && registry.decision(for: "d") == nil)
        #expect(registry.certificates(with: "a", or: [1]) == ["a", "b"])
        #expect(registry.certificates(with: "d", or: []) == ["d"])
    }

    @Test func aPersonWhoseKeyChangedKeepsDecisionAndCertificates() {
        let registry = registry(certificate("a", key: [9]), certificate("b", key: [9]))
        record(.approve(.accept), key: [9], in: registry)
        // The salt was lost, so the card gives another key.
        registry.take([.ending("a")], at: now)
        #expect(registry["b"]?.known.identityKey == [1])
        #expect(registry.decision(for: "a")?.decision == "accept")
    }

    @Test func aCallerMeansTheCertificateThatIsInAReader() throws {
        let ids = ["a", "b", "c"].map { String(repeating: $0, count: 64) }
        let registry = registry(
            certificate(ids[0]), certificate(ids[1]), certificate(ids[2], hindrances: ["NotQualified"]))
        #expect(try registry.resolve("", at: now) { $0 == ids[1] } == ids[1])
        #expect(try registry.resolve(ids[2], at: now) { _ in false } == ids[2])
        #expect(throws: ErrorName.self) { try registry.resolve("", at: now) { _ in false } }
        #expect(throws: ErrorName.noCertificate) { try CertificateRegistry().resolve("", at: now) { _ in true } }
    }

    @Test func theSuccessorIsKnownAndIsTheOneThatIsMeant() throws {
        let ids = ["a", "b"].map { String(repeating: $0, count: 64) }
        let registry = registry(certificate(ids[0]))
        var new = CertificateDescription.ending(ids[1])
        new.notAfter += 1
        #expect(registry.take([new], at: now) == [ids[0]] && registry.successors == [ids[0]: ids[1]])
        #expect(registry.take([new], at: now).isEmpty)
        // Both cards are in, and good.
        #expect(try registry.resolve("", at: now) { _ in true } == ids[1])
        #expect(try registry.resolve("", at: now) { $0 == ids[0] } == ids[0])
        var configuration = DesktopConfiguration()
        configuration.ownIssuers = [IssuerProfile("Deneme", openPage: "https://issuer.example.org/open")]
        let subjects = registry.subjects([ids[0]], by: configuration, at: now, handovers: [ids[0]])
        #expect(subjects[0].isHandover && subjects[0].successor?.notAfter == new.notAfter)
        #expect(registry.offers(for: subjects, by: configuration, at: now) == .init(fetchPIN: ids[1]))
        #expect(registry.offers(for: subjects, by: DesktopConfiguration(), at: now) == .init())
        #expect(registry.forget([ids[1]]) == [ids[0]] && registry.successors.isEmpty)
    }

    @Test func aPersonsAndACompanysCertificatesGoBeforeOthers() {
        var seal = certificate("s", hindrances: ["NotQualified"])
        (seal.qualified, seal.kind) = (false, "seal")
        var other = seal
        (other.id, other.kind) = ("o", "of-a-later-version")
        let registry = registry(certificate("a"), seal, other)
        #expect(registry.chief(of: ["o", "s", "a"]) == ["s", "a"] && registry.chief(of: ["o"]) == ["o"])
        #expect(registry["o"]?.known.use == .other)
    }

    @Test func anIssuersNoteIsInTheLanguageOfTheNotice() {
        var configuration = DesktopConfiguration()
        configuration.ownIssuers = [IssuerProfile("Deneme", note: "Önce Nazan.", noteInEnglish: "Nazan first.")]
        let registry = registry(certificate("a"))
        func note(_ language: Language) -> String? {
            registry.subjects(["a"], by: configuration, in: language, at: now).first?.issuerNote
        }
        #expect(note(.turkish) == "Önce Nazan." && note(.english) == "Nazan first.")
        configuration.ownIssuers = [IssuerProfile("Deneme", note: "Önce Nazan.")]
        #expect(note(.english) == "Önce Nazan.")
    }

    // MARK: - Renewals and offers

    @Test func aRenewalGoesWhereTheDecisionStandsOrToTheIssuersPage() throws {
        var configuration = DesktopConfiguration()
        configuration.renewalPages = [RenewalPage(issuerPart: "Dene", address: "https://issuer.example.org")]
        let registry = registry(certificate("a"))
        let page = RenewalWay.page("https://issuer.example.org")
        func way(_ id: String = "a") -> RenewalWay? { registry.renewalWay(of: id, by: configuration, at: now) }
        #expect(way() == page && way("b") == nil)
        configuration.portals = [ConfiguredPortal(name: "p", origin: origin)]
        #expect(way() == .portal(origin))
        record(.approve(.accept), portal: try Origin("https://other.example.org"), in: registry)
        #expect(way() == page)
        record(.approve(.accept), in: registry)
        #expect(way() == .portal(origin))
        record(.approve(.decline), in: registry)
        #expect(way() == page)
        configuration.renewalPages = []
        #expect(way() == nil)
    }

    @Test func aReminderOffersWhatIsNotDoneYet() {
        var configuration = DesktopConfiguration()
        configuration.portals = [ConfiguredPortal(name: "p", origin: origin)]
        let registry = registry(
            certificate("a"), certificate("b", key: [2], hindrances: ["NotQualified"]))
        let subjects = registry.subjects(["b", "x", "a"], by: configuration, at: now)
        #expect(subjects.map(\.id) == ["b", "a"] && subjects[0].hindrances == [.notQualified])
        #expect(registry.offers(for: subjects, by: configuration, at: now) == .init(approve: "a", renew: "a"))
        record(.renew, in: registry)
        #expect(registry.hasFiledRenewal("a"))
        record(.approve(.accept), in: registry)
        let later = registry.subjects(["a"], by: configuration, at: now)
        #expect(later[0].hasFiledRenewal)
        #expect(registry.offers(for: later, by: configuration, at: now) == .init())
    }
}
