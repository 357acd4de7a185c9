// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
