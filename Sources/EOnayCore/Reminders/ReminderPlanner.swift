// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Decides which reminders are due and when to look again: a pure function of what is known and what time it is.
///
/// It holds no state, so a suspend, a restart or a clock that was set cannot make it wrong: ask it again. A threshold is shown once.
/// After a long pause only the newest one that is due is shown, and it supersedes the earlier ones. A reminder shown at a time that still
/// lies ahead (the clock was ahead, and was set back) does not count. A snooze puts off the reminders that fall due during it; at its end
/// the reminder returns, as the person asked. There are no reminders of a certificate that a newer one of the same person replaces.
public struct ReminderPlanner: Sendable, Equatable {
    public internal(set) var ladder = ReminderLadder.usual
    public internal(set) var window = RenewalWindow.usual
    /// False: no reminders; `next` still gives the next change of a phase.
    public internal(set) var isEnabled = true

    /// The plan at `now` (UTC seconds), given everything that is known.
    public func plan(for certificates: [RemindedCertificate], at now: Int64) -> ReminderPlan {
        let reminded = certificates.filter { concerns($0, among: certificates) }
        let due = reminded.compactMap { certificate in
            dueThreshold(of: certificate, at: now).map { (certificate, $0) }
        }
        let byEnd = due.sorted {
            ($0.0.validity.notAfter, $0.0.id) < ($1.0.validity.notAfter, $1.0.id)
        }
        let instants =
            reminded.compactMap { nextReminder(of: $0, after: now) }
            + certificates.compactMap { window.nextChange(of: $0.validity, after: now) }
        return ReminderPlan(
            due: byEnd.map { certificate, threshold in
                Reminder(
                    certificate: certificate.id, threshold: threshold, daysLeft: certificate.validity.daysLeft(at: now),
                    supersedes: ladder.thresholds.filter { $0 >= threshold })
            },
            next: instants.min())
    }

    /// Whether a reminder of this one still has a point, given everything that is known.
    public func concerns(_ certificate: RemindedCertificate, among certificates: [RemindedCertificate]) -> Bool {
        isEnabled && !certificates.contains { $0.replaces(certificate) }
    }

    /// The threshold to show at `now`: the newest one due, unless it or a later one was shown, or reminders are snoozed.
    private func dueThreshold(of certificate: RemindedCertificate, at now: Int64) -> Int? {
        guard now >= certificate.snoozedUntil, let threshold = ladder.newestDue(for: certificate.validity, at: now)
        else { return nil }
        let snoozeEnded = certificate.snoozedUntil != 0
        return snoozeEnded || !certificate.shown(at: now).contains { $0 <= threshold } ? threshold : nil
    }

    /// The first instant after `now` at which `dueThreshold` gives a threshold that it does not give now, if nothing happens before.
    private func nextReminder(of certificate: RemindedCertificate, after now: Int64) -> Int64? {
        let validity = certificate.validity
        let starts = ladder.thresholds.map { max(ladder.instant(of: $0, for: validity), validity.notBefore) }
        let instants = Set(starts.map { max($0, certificate.snoozedUntil) } + [certificate.snoozedUntil])
        return instants.filter { $0 > now }.sorted().first {
            dueThreshold(of: certificate, at: $0) != nil
                && dueThreshold(of: certificate, at: $0) != dueThreshold(of: certificate, at: now)
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
    /// The certificate's id.
    public let certificate: String
    /// Days before the end.
    public let threshold: Int
    /// Whole days left, negative once expired.
    public let daysLeft: Int
    /// The thresholds that count as shown once this one is: it and the earlier ones.
    public let supersedes: [Int]

    public init(certificate: String, threshold: Int, daysLeft: Int, supersedes: [Int]) {
        self.certificate = certificate
        self.threshold = threshold
        self.daysLeft = daysLeft
        self.supersedes = supersedes
    }
}

/// The planner's view of a certificate.
public struct RemindedCertificate: Sendable, Equatable {
    /// The certificate's id.
    public let id: String
    /// Equal for certificates of the same person; empty where the certificate names none.
    public let identityKey: [UInt8]
    public let isQualified: Bool
    public let validity: Validity
    /// The thresholds whose reminder was shown or was superseded, and when: UTC seconds; 0 where that is not known.
    public let shown: [Int: Int64]
    /// The end of a snooze as `Snooze` granted it; 0 where there is none.
    public let snoozedUntil: Int64

    public init(
        id: String, identityKey: [UInt8], isQualified: Bool, validity: Validity, shown: [Int: Int64] = [:],
        snoozedUntil: Int64 = 0
    ) {
        self.id = id
        self.identityKey = identityKey
        self.isQualified = isQualified
        self.validity = validity
        self.shown = shown
        self.snoozedUntil = snoozedUntil
    }

    /// A reminder counts although it was shown up to this many seconds in the future: a clock that was set in the wrong time zone is less
    /// than a day ahead, and is corrected soon.
    static let tolerance = Validity.day

    /// The thresholds that count as shown at `now`. A time in the future comes from a clock that was wrong, perhaps by years; if it counted,
    /// nobody would be reminded of an end that still lies ahead.
    public func shown(at now: Int64) -> Set<Int> {
        Set(shown.filter { $0.value <= now + Self.tolerance }.keys)
    }

    /// Whether this one makes reminders of `other` pointless: the same person's, and good for longer.
    ///
    /// A certificate that cannot sign (the identity card's own, say) does not stand in for one that can.
    func replaces(_ other: RemindedCertificate) -> Bool {
        !identityKey.isEmpty && identityKey == other.identityKey && validity.notAfter > other.validity.notAfter
            && (isQualified || !other.isQualified)
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
