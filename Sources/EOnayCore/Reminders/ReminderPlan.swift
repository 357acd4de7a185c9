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
