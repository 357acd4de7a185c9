// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

/// Knows what is due: asks the planner with what the book holds.
///
/// Lives on the service's loop. It keeps nothing between two questions, so that a sleep, a restart or a clock that was set leads to the
/// right state by asking again.
final class ReminderDesk {
    private let planner: ReminderPlanner
    private let book: CertificateBook

    init(planner: ReminderPlanner, book: CertificateBook) {
        self.planner = planner
        self.book = book
    }

    func phase(of validity: Validity, at now: Int64) -> Phase {
        planner.window.phase(of: validity, at: now)
    }

    /// What is due at `now`, soonest end first, and when to look again. All certificates' phases have a say in the latter; reminders are
    /// of those alone that a person signs with.
    func plan(at now: Int64) -> ReminderPlan {
        let plan = planner.plan(for: book.reminded, at: now)
        let phases = book.order.compactMap { book[$0] }.compactMap {
            planner.window.nextChange(of: $0.validity, after: now)
        }
        return ReminderPlan(due: plan.due, next: ([plan.next].compactMap(\.self) + phases).min())
    }
}
