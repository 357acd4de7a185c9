// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Decides which reminders are due and when to look again: a pure function of what is known and what time it is.
///
/// It holds no state, so a suspend, a restart or a clock that was set cannot make it wrong: ask it again. A threshold is shown once.
/// After a long pause only the newest one that is due is shown, and it supersedes the earlier ones. A reminder shown at a time that still
/// lies ahead (the clock was ahead, and was set back) does not count. A snooze puts off the reminders that fall due during it; at its end
/// the reminder returns, as the person asked. A certificate that has a successor is spoken of once more, when the successor takes over.
public struct ReminderPlanner: Sendable, Equatable {
    /// The person's own; nil: the issuer's, else the usual one.
    private let ladder: ReminderLadder?
    /// The person's own; nil: the issuer's, else the usual one.
    private let window: RenewalWindow?
    private let isEnabled: Bool
    private let kinds: Set<CertificateKind>
    /// The profiles that have one. Most have none, and each phase that is shown asks.
    private let windows, ladders: [IssuerProfile]

    /// - Parameters:
    ///   - ladder: the person's own; nil: the issuer's, else the usual one.
    ///   - window: the person's own; nil: the issuer's, else the usual one.
    ///   - isEnabled: false: no reminders; `next` still gives the next change of a phase.
    ///   - issuers: the profiles that are asked, in their order.
    ///   - kinds: the kinds of certificates to remind of.
    public init(
        ladder: ReminderLadder? = nil, window: RenewalWindow? = nil, isEnabled: Bool = true,
        issuers: [IssuerProfile] = IssuerProfile.known, kinds: Set<CertificateKind> = CertificateKind.usuallyReminded
    ) {
        (self.ladder, self.window, self.isEnabled, self.kinds) = (ladder, window, isEnabled, kinds)
        windows = issuers.filter { $0.renewalDays != nil }
        ladders = issuers.filter { $0.ladder != nil }
    }

    /// The plan at `now` (UTC seconds), given everything that is known.
    public func plan(for certificates: [RemindedCertificate], at now: Int64) -> ReminderPlan {
        let courses = courses(of: certificates)
        let due = courses.compactMap { course in course.dueThreshold(at: now).map { (course, $0) } }
        let byEnd = due.sorted {
            ($0.0.certificate.validity.notAfter, $0.0.certificate.id)
                < ($1.0.certificate.validity.notAfter, $1.0.certificate.id)
        }
        let instants =
            courses.compactMap { $0.nextReminder(after: now) }
            + certificates.compactMap { window(by: $0.issuer).nextChange(of: $0.validity, after: now) }
        return ReminderPlan(due: byEnd.map { $0.reminder($1, at: now) }, next: instants.min())
    }

    /// The reminder of each certificate that holds at `now`, whether it was shown or not, by the certificate's id.
    public func standing(for certificates: [RemindedCertificate], at now: Int64) -> [String: Reminder] {
        let reminders = courses(of: certificates).compactMap { course in
            course.threshold(at: now).map { course.reminder($0, at: now) }
        }
        return Dictionary(reminders.map { ($0.certificate, $0) }) { first, _ in first }
    }

    /// The phase of a certificate of this issuer.
    public func phase(of validity: Validity, by issuer: Issuer, at now: Int64) -> Phase {
        window(by: issuer).phase(of: validity, at: now)
    }

    /// The renewal window of an issuer's certificates.
    public func window(by issuer: Issuer) -> RenewalWindow {
        window ?? windows.first { $0.isOf(issuer) }?.renewalDays ?? .usual
    }

    /// The days before the end on which an issuer's certificates are reminded of.
    public func ladder(by issuer: Issuer) -> ReminderLadder {
        ladder ?? ladders.first { $0.isOf(issuer) }?.ladder ?? .usual
    }

    /// Of those that are reminded of.
    private func courses(of certificates: [RemindedCertificate]) -> [ReminderCourse] {
        guard isEnabled else { return [] }
        let successors = RemindedCertificate.successors(among: certificates)
        return certificates.filter { kinds.contains($0.kind) && ($0.isQualified || !$0.kind.isNES) }.map {
            ReminderCourse(certificate: $0, ladder: ladder(by: $0.issuer), successor: successors[$0.id])
        }
    }
}

/// The reminders of one certificate over time.
private struct ReminderCourse {
    let certificate: RemindedCertificate
    let ladder: ReminderLadder
    let successor: RemindedCertificate?

    /// A hand-over is old news after so long.
    private static let handoverLasts = 30 * Validity.day

    func reminder(_ threshold: Int, at now: Int64) -> Reminder {
        let superseded = ladder.thresholds.filter { $0 >= threshold }
        return Reminder(
            certificate: certificate.id, threshold: threshold, daysLeft: certificate.validity.daysLeft(at: now),
            supersedes: superseded.contains(threshold) ? superseded : superseded + [threshold],
            successor: threshold == Reminder.handover ? successor?.id : nil)
    }

    /// The threshold that holds at `now`, whether it was shown or not.
    func threshold(at now: Int64) -> Int? {
        let validity = certificate.validity
        guard let successor else { return ladder.newestDue(for: validity, at: now) }
        if let handover = certificate.handover(to: successor), now >= handover {
            return now < handover + Self.handoverLasts ? Reminder.handover : nil
        }
        // Between the two there is nothing to sign with.
        let isBetween = now >= validity.expiry && now < successor.validity.notBefore
        return isBetween && ladder.thresholds.contains(0) ? 0 : nil
    }

    /// The threshold to show at `now`: the newest one due, unless it or a later one was shown, or reminders are snoozed.
    func dueThreshold(at now: Int64) -> Int? {
        guard let threshold = threshold(at: now) else { return nil }
        let isShown = certificate.shown(at: now).contains { $0 <= threshold }
        // The change-over is no reminder of an end, and waits for nothing.
        if threshold == Reminder.handover { return isShown ? nil : threshold }
        guard now >= certificate.snoozedUntil else { return nil }
        return certificate.snoozedUntil != 0 || !isShown ? threshold : nil
    }

    /// The first instant after `now` at which `dueThreshold` gives a threshold that it does not give now, if nothing happens before.
    func nextReminder(after now: Int64) -> Int64? {
        let validity = certificate.validity
        let starts = ladder.thresholds.map { max(ladder.instant(of: $0, for: validity), validity.notBefore) }
        var instants = Set((starts + [validity.expiry]).map { max($0, certificate.snoozedUntil) })
        instants.insert(certificate.snoozedUntil)
        if let handover = successor.flatMap(certificate.handover) { instants.insert(handover) }
        return instants.filter { $0 > now }.sorted().first {
            dueThreshold(at: $0) != nil && dueThreshold(at: $0) != dueThreshold(at: now)
        }
    }
}

/// The reminders due now, and when to look again.
public struct ReminderPlan: Sendable, Equatable {
    /// The reminders that are due, the soonest end first. They make one notification. Once it is shown, record the thresholds that they
    /// supersede, and clear the snooze of their certificates.
    public let due: [Reminder]
    /// The next instant at which a reminder falls due or a phase changes; nil where nothing lies ahead.
    public let next: Int64?

    public init(due: [Reminder], next: Int64?) {
        self.due = due
        self.next = next
    }
}

/// One reminder that is due.
public struct Reminder: Sendable, Equatable {
    /// The threshold of the change-over to a successor, which is the last thing that there is to say of a certificate.
    public static let handover = -1

    /// The certificate's id.
    public let certificate: String
    /// Days before the end, or `handover`.
    public let threshold: Int
    /// Whole days left, negative once expired.
    public let daysLeft: Int
    /// The thresholds that count as shown once this one is: it and the earlier ones.
    public let supersedes: [Int]
    /// The certificate to use from now on, at a change-over.
    public let successor: String?

    public init(certificate: String, threshold: Int, daysLeft: Int, supersedes: [Int], successor: String? = nil) {
        self.certificate = certificate
        self.threshold = threshold
        self.daysLeft = daysLeft
        self.supersedes = supersedes
        self.successor = successor
    }
}

/// A time before which a certificate's holder does not want to be reminded of it.
public enum Snooze {
    /// The granted end of a wish for silence until `wish`: shortened to one day before the end; 0 (none) where that, or
    /// the wish itself, is not ahead any more.
    public static func granted(until wish: Int64, for validity: Validity, at now: Int64) -> Int64 {
        let until = min(wish, validity.instant(daysBeforeEnd: 1))
        return until > now ? until : 0
    }
}

/// The days before a certificate's end at which its holder is reminded; 0 is the first second after the end.
public struct ReminderLadder: Sendable, Hashable {
    /// Each once, the earliest (most days) first.
    public let thresholds: [Int]

    public static let usual = ReminderLadder(sorted: [30, 14, 7, 3, 1, 0])

    /// The range of a threshold.
    public static let allowed = 0...365

    /// At most this many thresholds.
    public static let longest = 32

    /// From thresholds in any order; nil where one is out of range, there are too many, or none.
    public init?(_ thresholds: [Int]) {
        let thresholds = Set(thresholds)
        guard !thresholds.isEmpty, thresholds.count <= Self.longest, thresholds.allSatisfy(Self.allowed.contains) else {
            return nil
        }
        self.thresholds = thresholds.sorted(by: >)
    }

    private init(sorted thresholds: [Int]) { self.thresholds = thresholds }

    /// The second from which a threshold is due.
    public func instant(of threshold: Int, for validity: Validity) -> Int64 {
        threshold == 0 ? validity.expiry : validity.instant(daysBeforeEnd: threshold)
    }

    /// The newest threshold that is due; nil where none is, and before the certificate's first second.
    public func newestDue(for validity: Validity, at now: Int64) -> Int? {
        guard now >= validity.notBefore else { return nil }
        return thresholds.last { instant(of: $0, for: validity) <= now }
    }
}
