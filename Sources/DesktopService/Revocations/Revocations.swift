// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import SystemBasics

/// The reports of the revocations.
enum RevocationChange: Sendable {
    /// A responder has answered: what is known of a certificate is newer than before.
    ///
    /// - isNews: a person has not been told of it yet.
    case answered(certificate: String, before: KnownRevocation, now: KnownRevocation, isNews: Bool)
}

/// The states of certificates by their issuers' responders, and when to ask for them.
///
/// A responder is asked while the certificate's card is in, by a courier of its own: when the card comes, and every further day that it stays. It
/// is asked once a day at most, also by a service that has been restarted. One that gives no answer is asked again when the card comes anew,
/// once more after ten minutes (at the start of a session there is often no network yet), and then the next day. Nothing waits for it.
final class Revocations {
    /// How the configuration wants it.
    struct Rules: Equatable {
        var areAsked = true
        /// How long a responder may take.
        var deadline: Duration = .seconds(3)
    }

    /// A certificate whose card is in.
    private struct Presence {
        let certificate: AnswerableCertificate
        /// When its responder was last asked in vain, and how often in a row.
        var triedAt: Int64?
        var tries = 0
    }

    private let alarm: any Alarm
    private let scheduler: any Scheduler
    private let jobs: any JobLauncher
    private let log: Log
    private let mayAsk: (String) -> Bool
    var report: (RevocationChange) -> Void = { _ in }

    private var rules: Rules
    private var known: [String: KnownRevocation] = [:]
    private var present: [String: Presence] = [:]
    /// Those that are to be asked about, one after the other.
    private var queue: [String] = []
    private var asking: CourierDialogue?
    /// Whom it is about.
    private var subject: String?
    private var isEnding = false

    private static let secondTry: Int64 = 600

    /// - Parameters:
    ///   - alarm: rings for this object alone.
    ///   - mayAsk: whether there is a point in asking about a certificate: it has not ended, and the answer can be kept.
    init(
        _ rules: Rules, alarm: any Alarm, scheduler: any Scheduler, jobs: any JobLauncher, log: Log,
        mayAsk: @escaping (String) -> Bool
    ) {
        (self.rules, self.alarm, self.scheduler, self.jobs, self.log) = (rules, alarm, scheduler, jobs, log)
        self.mayAsk = mayAsk
    }

    // MARK: - What is known

    /// The last word on a certificate.
    subscript(certificate: String) -> KnownRevocation { known[certificate] ?? KnownRevocation() }

    /// Everything that is known, by certificate.
    var all: [String: KnownRevocation] { known }

    /// Takes over what the record holds, as far as nothing newer is known.
    func load(_ recorded: [String: KnownRevocation]) {
        known.merge(recorded) { $0.askedAt >= $1.askedAt ? $0 : $1 }
        review()
    }

    /// Nothing is remembered of these certificates any more.
    func forget(_ certificates: [String]) {
        for id in certificates { known[id] = nil }
        // Nor is an answer that is still on its way.
        guard let subject, certificates.contains(subject) else { return }
        stopAsking()
        review()
    }

    /// An approval has asked a responder; its holder hears of the answer by the approval's end.
    func learn(_ answer: RevocationAnswer, of certificate: String) {
        if answer.isReliable { take(answer, of: certificate, isTold: true) }
        review()
    }

    // MARK: - When to ask

    /// A card was read.
    ///
    /// - Parameter isNew: it was just put in.
    func cardIsIn(_ certificates: [AnswerableCertificate], isNew: Bool) {
        for certificate in certificates {
            let old = isNew ? nil : present[certificate.id]
            present[certificate.id] = Presence(
                certificate: certificate, triedAt: old?.triedAt, tries: old?.tries ?? 0)
        }
        review()
    }

    func cardIsOut(_ certificates: [String]) {
        for id in certificates { present[id] = nil }
        review()
    }

    /// Asks by other rules from now on.
    func use(_ rules: Rules) {
        guard rules != self.rules else { return }
        self.rules = rules
        if !rules.areAsked { stopAsking() }
        review()
    }

    /// Asks what is due, and sets the alarm to the next instant at which something will be.
    ///
    /// To be called whenever the clock or a certificate may have changed: nothing is believed, everything is looked at again.
    func review() {
        guard rules.areAsked, !isEnding else { return alarm.set(nil) }
        let now = alarm.now()
        let instants = present.filter { mayAsk($0.key) && self[$0.key].state != .revoked }.mapValues {
            due($0, at: now)
        }
        queue = instants.filter { $0.value <= now }.keys.sorted()
        alarm.set(instants.values.filter { $0 > now }.min())
        askNext()
    }

    /// When to ask about it. A time in the future is of a clock that was wrong.
    private func due(_ presence: Presence, at now: Int64) -> Int64 {
        let (askedAt, triedAt) = (self[presence.certificate.id].askedAt, presence.triedAt)
        let daily = askedAt > 0 && askedAt <= now ? askedAt + Validity.day : now
        guard let triedAt, triedAt <= now else { return daily }
        return max(daily, triedAt + (presence.tries == 1 ? Self.secondTry : Validity.day))
    }

    func end() {
        isEnding = true
        stopAsking()
        alarm.stop()
    }

    // MARK: - Asking

    private func askNext() {
        guard asking == nil, let id = queue.first, let certificate = present[id]?.certificate else { return }
        queue.removeFirst()
        present[id]?.triedAt = alarm.now()
        present[id]?.tries += 1
        let dialogue = CourierDialogue(on: scheduler) { [weak self] news in self?.took(news, id) }
        (asking, subject) = (dialogue, id)
        // So much less than we wait that it can still say that it has reached nobody.
        let request = CourierRequest.revocation(
            certificate: certificate.certificate, issuer: certificate.issuer, takesLists: false,
            timeout: UInt32(clamping: rules.deadline.milliseconds * 14 / 15))
        dialogue.ask(request, within: rules.deadline)
        scheduler.task { [jobs, deadline = rules.deadline] in
            await dialogue.converse(startingWithin: deadline) { () async throws(JobError) in
                try await jobs.startCourier(deadline: nil)
            }
        }
    }

    private func stopAsking() {
        queue = []
        asking?.kill()
        (asking, subject) = (nil, nil)
    }

    private func took(_ news: CourierDialogue.News, _ certificate: String) {
        asking?.close(within: rules.deadline)
        (asking, subject) = (nil, nil)
        switch news {
        case .reply(.revocation(let answer)) where answer.isReliable: take(answer, of: certificate, isTold: false)
        case .reply(.revocation(let answer)): complain(answer.trouble)
        case .reply(.failed(let failure)): complain("\(failure.name.rawValue) \(failure.detail)")
        case .reply: complain("an answer to another question")
        case .lost(let error): complain("\(error)")
        }
        review()
    }

    private func complain(_ reason: String) {
        log.info("whether a certificate is good could not be asked: \(reason), continuing")
    }

    private func take(_ answer: RevocationAnswer, of certificate: String, isTold: Bool) {
        let before = self[certificate]
        // A revocation is for ever.
        guard before.state != .revoked else { return }
        // An answer is good for hours, and one that is sent again after a newer one would take that back.
        guard answer.state == .revoked || answer.thisUpdate >= before.thisUpdate else {
            return complain("the answer is older than the one before")
        }
        // A responder that does not know the certificate does not say that it has changed.
        guard answer.state != .unknown || before.state == .unknown else {
            return complain("the responder does not know it any more")
        }
        let now = KnownRevocation(
            state: answer.state, since: answer.since, reason: answer.reason, thisUpdate: answer.thisUpdate,
            askedAt: alarm.now(), wasGood: before.wasGood || answer.state == .good)
        known[certificate] = now
        present[certificate]?.triedAt = nil
        present[certificate]?.tries = 0
        report(
            .answered(certificate: certificate, before: before, now: now, isNews: !isTold && now.isNews(after: before)))
    }
}
