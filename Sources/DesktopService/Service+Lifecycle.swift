// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import Store

/// From the start to the end.
extension Service {
    /// Reads the record and puts everything on the bus. The caller then owns the name and calls `begin()`. `RecordState` says whether the
    /// record can be kept and read.
    ///
    /// - Parameter isWelcome: whether the service may run beside another one that keeps the record, which it then only reads.
    /// - Throws: `StoreError` `.inUse` where it may not; what the bus says.
    public func start(besideAnother isWelcome: Bool = true) async throws {
        settings.report = listener { $0.take($1) }
        journal.report = listener { $0.take($1) }
        cards.report = listener { $0.take($1) }
        reminders.report = listener { $0.take($1) }
        revocations.report = listener { $0.take($1) }
        approvals.report = listener { $0.take($1) }
        pinOperations.report = listener { $0.take($1) }
        notices.report = listener { $0.take($1) }
        tidying.giveBack = { [bus, journal] in
            bus.endBurst()
            await journal.tidy()
        }
        try await journal.open(besideAnother: isWelcome)
        guard !lifecycle.isEnding else { return }
        try objects.begin(calls)
        objects.addCertificates()
        await recallApprovals()
    }

    /// An object's way to this actor, on whose loop it lives. It does not keep the service alive.
    private func listener<Change: Sendable>(
        _ take: @escaping @Sendable (isolated Service, Change) -> Void
    ) -> (Change) -> Void {
        { [weak self] change in self?.assumeIsolated { take($0, change) } }
    }

    /// Begins to watch cards and the clock: from now on things happen by themselves, and who listens to the name hears all of them.
    ///
    /// Throws `SystemError` where the system has no timer to spare.
    public func begin() throws {
        guard lifecycle.begin() else { return }
        // The alarm rang, the clock was set, or the machine has slept: nothing is believed, everything is asked again.
        try alarm.start(on: loop) { [weak self] in
            self?.assumeIsolated {
                $0.reminders.review()
                $0.revocations.review()
                $0.cards.lookAgain()
                $0.journal.prune()
            }
        }
        bus.onBurst { [weak self] in self?.assumeIsolated { $0.tidying.later() } }
        notices.start()
        settings.watch(on: loop)
        cards.start(on: loop)
        approvals.resume()
        reminders.announceUnseen()
        reminders.review()
        journal.prune()
        tidying.later()
    }

    /// Ends what runs: approvals that nothing was submitted for are cancelled, the others go on at the next start.
    ///
    /// Returns once what is known is on disk; the bus is still there then, to be closed after it. A second call waits for the first.
    public func stop() async {
        guard await lifecycle.beginEnd() else { return }
        journal.hurry()
        approvals.end()
        pinOperations.end()
        settings.stop()
        tidying.end()
        stateRequest.end()
        reminders.end()
        command.end()
        revocations.end()
        alarm.stop()
        await cards.end()
        await journal.close()
        objects.end()
        lifecycle.end()
    }

    /// Asks the journal for the approvals of which objects are still shown.
    func recallApprovals() async {
        await journal.recall(objectsSince: alarm.now() - Approvals.afterlife, atMost: Approvals.mostEnded)
    }
}
