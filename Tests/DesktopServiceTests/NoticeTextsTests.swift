// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames
import Store
import Testing
import Texts

@testable import DesktopService

/// The words of the notices, in English.
@Suite(.timeLimit(.minutes(1)))
struct NoticeTextsTests {
    private let words = NoticeTexts(texts: Texts(.english))
    private let reader: ReaderName = "Deneme 00 00"

    private func subject(
        _ id: String = "a", holder: String = "Şükrü İğdırlı", days: Int = 400, _ phase: Phase = .valid,
        hindrances: [ErrorName] = []
    ) -> NoticeTexts.Subject {
        NoticeTexts.Subject(
            id: id, holder: holder, notAfter: 1_800_000_000, notBefore: 1_700_000_000, daysLeft: days, phase: phase,
            hindrances: hindrances)
    }

    // MARK: - Cards

    @Test func aGoodCardIsShownQuietly() {
        let notice = words.cardIn(reader: reader, subjects: [subject(), subject("b")])
        #expect(notice?.summary == "Card in: Şükrü İğdırlı" && notice?.urgency == .low)
        // Two certificates that end together are said once.
        #expect(notice?.body == "Valid until 15 January 2027 (400 days left)")
        #expect(words.cardIn(reader: reader, subjects: []) == nil)
    }

    @Test(arguments: [
        (Phase.notYetValid, 400, "Valid only from"), (.expired, -1, "A new one takes an application on paper."),
        (.renewalDue, 0, "less than a day left"), (.renewalDue, 5, "It is time to renew it."),
    ])
    func aCardsPhaseIsSaid(_ phase: Phase, _ days: Int, _ part: String) {
        let notice = words.cardIn(reader: reader, subjects: [subject(days: days, phase)])
        #expect(notice?.body.contains(part) == true)
        #expect(notice?.urgency == (phase == .notYetValid ? .low : .normal))
    }

    @Test func aCardsFaultAndItsOtherHolderAreSaid() {
        let other = subject("b", holder: "", hindrances: [.certificateExpired, .notQualified])
        let notice = words.cardIn(reader: reader, subjects: [subject(), other])
        let lines = notice?.body.split(separator: "\n").map(String.init) ?? []
        #expect(lines.count == 3 && lines[1].hasPrefix("holder without a name: "))
        #expect(lines.last == words.texts.error(.notQualified).what && notice?.urgency == .normal)
    }

    @Test func aCardsTroubleNamesCauseAndRemedy() {
        func trouble(_ error: ErrorName, heldBy: String = "") -> Notice {
            let problems = ["1", "2", "3", "4"].map { ModuleProblem(file: "\($0).so", reason: "broken") }
            return words.cardTrouble(reader: reader, error: error, heldBy: heldBy, problems: problems)
        }
        #expect(trouble(.tokenBusy).body.hasPrefix("Another program is using the card."))
        #expect(trouble(.tokenBusy, heldBy: "imzager (7)").body.hasPrefix("The card is in use by: imzager (7)"))
        #expect(trouble(.noCertificate).summary == "The card is empty")
        let body = trouble(.moduleUnusable).body
        #expect(body.contains("3.so: broken") && !body.contains("4.so"))
    }

    @Test func readersThatLookAlikeHaveKeysOfTheirOwn() {
        let keys = [ReaderName([0xFF]), ReaderName([0xFE]), ReaderName("\u{FFFD}")].map(NoticeTexts.cardKey)
        #expect(Set(keys).count == 3 && keys[0] == "card:ff")
    }

    // MARK: - Reminders

    @Test func oneReminderSpeaksOfItsCertificate() {
        let notice = words.reminder(of: [subject(days: 5, .renewalDue)], offers: .init(approve: "a", renew: "a"))
        #expect(notice.summary == "Your e-signature expires in 5 days" && notice.urgency == .normal)
        #expect(
            notice.buttons.map(\.action) == [
                .approve(certificate: "a"), .renew(certificate: "a"), .snooze(certificates: ["a"]),
            ])
        #expect(notice.body.contains("Until then you can renew it online.") && notice.isPersistent)
        var filed = subject(days: 0, .renewalDue)
        filed.hasFiledRenewal = true
        let last = words.reminder(of: [filed], offers: .init())
        #expect(last.summary == "Your e-signature expires within 24 hours" && last.urgency == .critical)
        #expect(last.body.contains("Your application for its renewal has been filed."))
    }

    @Test func anExpiredOneIsNotPutOff() {
        let notice = words.reminder(of: [subject(days: -1, .expired)], offers: .init())
        #expect(notice.summary == "Your e-signature has expired" && notice.buttons.isEmpty)
    }

    @Test func severalRemindersAreOneNotice() {
        let subjects = [
            subject(days: -1, .expired), subject("b", days: 0, .renewalDue), subject("c", days: 1, .renewalDue),
        ]
        let notice = words.reminder(of: subjects, offers: .init())
        #expect(notice.summary == "3 e-signatures need your attention")
        let lines = notice.body.split(separator: "\n")
        #expect(lines[0].contains("has expired") && lines[1].contains("less than a day left"))
        #expect(lines[2] == "Şükrü İğdırlı: 1 day left (15 January 2027)")
        #expect(notice.buttons.map(\.action) == [.snooze(certificates: ["a", "b", "c"])])
    }

    @Test func whatComesBeforeTheRenewalIsQuiet() {
        var early = subject(days: 60)
        early.renewalBegins = 1_797_000_000
        let notice = words.reminder(of: [early], offers: .init())
        #expect(notice.urgency == .low && notice.summary == "Your e-signature expires in 60 days")
        #expect(notice.body.hasSuffix("It can be renewed from 11 December 2026."))
        early.renewalBeginsAtInstitution = true
        let atInstitution = words.reminder(of: [early], offers: .init())
        #expect(atInstitution.body.contains("e-signature officer") && atInstitution.body.contains("three months"))
        #expect(words.reminder(of: [early, subject("b", days: 20, .renewalDue)], offers: .init()).urgency == .normal)
        var due = subject(days: 20, .renewalDue)
        due.renewalBeginsAtInstitution = true
        let inWindow = words.reminder(of: [due], offers: .init())
        #expect(inWindow.urgency == .normal && inWindow.body.contains("e-signature officer"))
        due.issuerNote = "Write to Nazan first."
        #expect(words.reminder(of: [due], offers: .init()).body.hasSuffix("\nWrite to Nazan first."))
    }

    @Test func aSealIsSpokenOfAsOne() {
        var seal = subject(days: 5, .renewalDue, hindrances: [.notQualified])
        seal.kind = .seal
        let notice = words.reminder(of: [seal], offers: .init())
        #expect(
            notice.summary == "Your company's seal expires in 5 days"
                && notice.body.contains("no invoice can be sealed"))
        #expect(
            words.reminder(of: [seal, subject("b")], offers: .init()).summary == "2 certificates need your attention")
        // It is no NES by its nature, which is nothing to complain of.
        let card = words.cardIn(reader: reader, subjects: [seal])
        #expect(card?.body.hasPrefix("Company's seal\nValid until") == true)
        #expect(card?.body.contains(words.texts.error(.notQualified).what) == false)
        (seal.phase, seal.daysLeft) = (.expired, -1)
        #expect(
            words.reminder(of: [seal], offers: .init()).body.hasSuffix(
                "No invoice can be sealed until you have a new one."))
        for (kind, days, phase, summary) in [
            (CertificateKind.seal, 0, Phase.renewalDue, "Your company's seal expires within 24 hours"),
            (.seal, -1, .expired, "Your company's seal has expired"),
            (.eSeal, 9, .renewalDue, "Your certificate expires in 9 days"),
            (.encryption, 0, .renewalDue, "Your certificate expires within 24 hours"),
            (.other, -1, .expired, "Your certificate has expired"),
            (.mobileNES, 9, .renewalDue, "Your e-signature expires in 9 days"),
        ] {
            var other = subject(days: days, phase)
            other.kind = kind
            #expect(words.reminder(of: [other], offers: .init()).summary == summary)
        }
    }

    @Test func theChangeOverNamesBothCardsByTheirDates() {
        var old = subject(days: -1, .expired, hindrances: [.certificateExpired])
        old.successor = .init(notBefore: 1_800_000_000, notAfter: 1_900_000_000, hasBegun: true)
        old.isHandover = true
        let notice = words.reminder(of: [old], offers: .init(fetchPIN: "b"))
        #expect(notice.summary == "From now on, use your new card" && notice.urgency == .normal)
        #expect(
            notice.body
                == "Şükrü İğdırlı\nNew card: good until 17 March 2030\nOld card: last day 15 January 2027\n"
                + "Before you first sign with it, get its PIN from the issuer.")
        // There is nothing to put off.
        #expect(notice.buttons.map(\.action) == [.fetchPIN(certificate: "b")])
        let both = words.reminder(of: [old, subject("c", days: 9, .renewalDue)], offers: .init())
        #expect(both.body.hasPrefix("Şükrü İğdırlı: use the new card, good until 17 March 2030\n"))
        #expect(both.buttons.map(\.action) == [.snooze(certificates: ["c"])])
    }

    @Test func anOldCardPointsToTheNewOne() {
        var old = subject(days: -1, .expired, hindrances: [.certificateExpired])
        old.successor = .init(notBefore: 1_800_000_000, notAfter: 1_900_000_000, hasBegun: true)
        #expect(
            words.validity(of: old)
                == "It ended on 15 January 2027 11:00.\nUse your new card: it is good until 17 March 2030.")
        old = subject(days: 5, .renewalDue)
        old.successor = .init(notBefore: 1_800_000_000, notAfter: 1_900_000_000, hasBegun: false)
        #expect(words.validity(of: old).hasSuffix("\nYour new card is good from 15 January 2027 11:00."))
        // The time between the two.
        (old.phase, old.daysLeft) = (.expired, -1)
        let notice = words.reminder(of: [old], offers: .init())
        #expect(notice.body.hasSuffix("\nYour new card is good from 15 January 2027 11:00."))
    }

    // MARK: - Approvals

    @Test func aLockedPINIsUnlockedOnTheIssuersPage() {
        func notice(_ unlocks: String?, _ phone: String?) -> Notice {
            var approval = approval()
            (approval.unlocks, approval.phone) = (unlocks, phone)
            return words.result(of: approval, result: "failed", error: .pinLocked, reference: "")
        }
        #expect(notice("a", nil).buttons == [.init(label: "Unlock", action: .unlock(certificate: "a"))])
        #expect(
            notice("a", "444 5 576").body
                == "The PIN is locked.\nYour certification centre unlocks it on its page.\nHelp by telephone: 444 5 576"
        )
        let unknown = notice(nil, nil)
        let error = words.texts.error(.pinLocked)
        #expect(unknown.buttons.isEmpty && unknown.body == "\(error.what)\n\(error.remedy)")
    }

    private func approval(
        _ state: String = "checking", _ decision: String = "accept", isRenewal: Bool = false
    ) -> NoticeTexts.ApprovalSubject {
        NoticeTexts.ApprovalSubject(
            name: "7", holder: "Şükrü İğdırlı", decision: decision, isRenewal: isRenewal,
            portal: "https://portal.example.org", state: state, step: 1, steps: 2, deadline: 0)
    }

    @Test func theProgressSaysWhatIsAwaited() {
        let states = ["waiting-for-token", "waiting-for-pin", "signing", "submitting", "checking"]
        let bodies = states.map { words.progress(of: approval($0)).body }
        #expect(Set(bodies).count == states.count && bodies[0].hasPrefix("Put in the card."))
        var waiting = approval("waiting-for-token")
        (waiting.trouble, waiting.deadline, waiting.holder) = (.noReader, 1_800_000_000, "")
        let notice = words.progress(of: waiting)
        #expect(notice.body.hasPrefix(words.texts.error(.noReader).what) && notice.body.contains("Until "))
        #expect(notice.summary == "E-Onay" && notice.buttons.map(\.action) == [.cancel(approval: "7")])
    }

    @Test(arguments: [
        ("recorded", "accept", false, "Your E-Onay is recorded"),
        ("recorded", "decline", false, "Your refusal is recorded"),
        ("recorded", "", true, "Your application for renewal is filed"), ("signed", "", false, "The code is signed"),
        ("unknown", "accept", false, "Not known yet whether it is recorded"),
        ("unknown", "", false, "Not known yet whether it is recorded"),
        ("failed", "accept", false, "E-Onay was not given"), ("failed", "", false, "The code was not signed"),
        ("failed", "", true, "The renewal was not filed"),
    ])
    func theResultSaysWhatBecameOfIt(_ result: String, _ decision: String, _ isRenewal: Bool, _ summary: String) {
        let notice = words.result(
            of: approval("", decision, isRenewal: isRenewal), result: result, error: .noToken, reference: "EO-1",
            number: "123456")
        #expect(notice.summary == summary && notice.key == "approval:7" && !notice.body.isEmpty)
        #expect((notice.urgency == .critical) == (result == "unknown"))
        if result == "recorded" { #expect(notice.body.contains("EO-1")) }
        if result == "signed" { #expect(notice.body.contains("123456")) }
        if result == "failed" { #expect(notice.body.hasPrefix(words.texts.error(.noToken).what)) }
    }

    @Test func aLateClickIsToldWhatStands() {
        let summaries = ["accept", "decline", ""].map {
            words.standing(holder: "", portal: "p", decision: $0, reference: "EO-1").summary
        }
        #expect(Set(summaries).count == 3)
        let (refusal, error) = (words.refusal(.noToken), words.texts.error(.noToken))
        #expect(refusal.summary == "That could not be done" && refusal.body == "\(error.what)\n\(error.remedy)")
    }

    // MARK: - Buttons

    @Test func aButtonMeansTheSameAfterItsNoticeHasGone() {
        let actions: [Notice.Action] = [
            .approve(certificate: "a"), .renew(certificate: "a"), .cancel(approval: "7"), .unlock(certificate: "a"),
            .fetchPIN(certificate: "a"),
        ]
        for action in actions { #expect(Notice.Action(id: action.id, on: nil) == action) }
        // The reminder says which certificates are put off.
        let notice = words.reminder(of: [subject(days: 5, .renewalDue)], offers: .init())
        #expect(Notice.Action(id: "snooze", on: notice) == .snooze(certificates: ["a"]))
        for id in ["snooze", "", "approve", "open:a"] { #expect(Notice.Action(id: id, on: nil) == nil) }
    }

    // MARK: - Revocations

    @Test(arguments: [
        (
            KnownRevocation(state: .suspended, since: 1_780_000_000), KnownRevocation(), "https://issuer.example/open",
            "Your certificate is not open yet",
            "A new certificate cannot be used until you have opened it.\nOpen it at https://issuer.example/open"
        ),
        (
            KnownRevocation(state: .suspended, since: 1_780_000_000), KnownRevocation(), nil,
            "Your certificate is not open yet",
            "A new certificate cannot be used until you have opened it.\nOpen it on its issuer's page: Deneme"
        ),
        (
            KnownRevocation(state: .suspended, since: 1_780_000_000, wasGood: true), KnownRevocation(state: .good), nil,
            "Your certificate is suspended",
            "Suspended since 28 May 2026\nIt can be used again when the suspension has been lifted by: Deneme"
        ),
        (
            KnownRevocation(state: .revoked, since: 1_780_000_000, reason: .keyCompromise),
            KnownRevocation(state: .good), nil, "Your certificate was revoked",
            "Revoked on 28 May 2026\nReason: others may have its key\n"
                + "It cannot be used any more. Apply for a new one to: Deneme"
        ),
        (
            KnownRevocation(state: .revoked), KnownRevocation(state: .good), nil, "Your certificate was revoked",
            "Revoked\nIt cannot be used any more. Apply for a new one to: Deneme"
        ),
        (
            KnownRevocation(state: .good, wasGood: true), KnownRevocation(state: .suspended), nil,
            "Your certificate is open", "It can be used from now on."
        ),
        (
            KnownRevocation(state: .good, wasGood: true), KnownRevocation(state: .suspended, wasGood: true), nil,
            "Your certificate can be used again", "The suspension has been lifted."
        ),
    ])
    func aCertificateThatIsNotAsItWasIsTold(
        _ now: KnownRevocation, _ before: KnownRevocation, _ page: String?, _ summary: String, _ body: String
    ) {
        let certificate = KnownCertificate(.ending("a"), firstSeen: 0, lastSeen: 0)
        let notice = words.revocation(now, after: before, of: certificate, page: page)
        #expect(notice.summary == summary)
        #expect(notice.body == "Şükrü İğdırlı\n" + body)
        #expect(notice.isPersistent == (now.state != .good))
        #expect(notice.urgency == (now.state == .revoked ? .critical : .normal))
        // The page has a button, as every page of an issuer.
        #expect(notice.buttons.map(\.action) == (page == nil ? [] : [.fetchPIN(certificate: "a")]))
    }

    @Test func theLastWordOfAResponderIsSaidWithTheCard() {
        var held = subject()
        held.revocation = KnownRevocation(state: .suspended, since: 1_780_000_000, wasGood: true)
        let notice = words.cardIn(reader: reader, subjects: [held])
        #expect(notice?.body == "Valid until 15 January 2027 (400 days left)\nSuspended since 28 May 2026")
        #expect(notice?.urgency == .normal)
    }
}
