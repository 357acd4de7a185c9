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

    // MARK: - Approvals

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
        #expect(words.refusal(.noToken).summary == words.texts.error(.noToken).what)
    }

    // MARK: - Buttons

    @Test func aButtonMeansTheSameAfterItsNoticeHasGone() {
        let actions: [Notice.Action] = [
            .approve(certificate: "a"), .renew(certificate: "a"), .cancel(approval: "7"),
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
    }

    @Test func theLastWordOfAResponderIsSaidWithTheCard() {
        var held = subject()
        held.revocation = KnownRevocation(state: .suspended, since: 1_780_000_000, wasGood: true)
        let notice = words.cardIn(reader: reader, subjects: [held])
        #expect(notice?.body == "Valid until 15 January 2027 (400 days left)\nSuspended since 28 May 2026")
        #expect(notice?.urgency == .normal)
    }
}
