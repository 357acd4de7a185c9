// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A person wants to see how things stand, and the cards are still being read.
final class StateRequest {
    /// How long a person waits for cards to be read.
    private static let patience: Duration = .seconds(10)

    private let scheduler: any Scheduler
    private var timer: (any Cancellable)?

    init(_ scheduler: any Scheduler) { self.scheduler = scheduler }

    var isWaiting: Bool { timer != nil }

    /// Waits for `end`, but no longer than a person does.
    func wait(orShow show: @escaping () -> Void) {
        timer?.cancel()
        timer = scheduler.timer(after: Self.patience, show)
    }

    func end() {
        timer?.cancel()
        timer = nil
    }
}
