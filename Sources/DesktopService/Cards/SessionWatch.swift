// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// pcscd serves the active session alone; logind signals when that is ours again.
final class SessionWatch {
    private let open: (@Sendable () async -> Connection?)?
    private let scheduler: any Scheduler
    private var isStarted = false
    private var bus: Connection?

    /// - Parameter open: opens the system bus; nil where there is none to be used.
    init(_ open: (@Sendable () async -> Connection?)?, scheduler: any Scheduler) {
        (self.open, self.scheduler) = (open, scheduler)
    }

    /// Has `changed` called when a session becomes active or inactive. Only the first call counts.
    func start(_ changed: @escaping () -> Void) {
        guard !isStarted, let open else { return }
        isStarted = true
        scheduler.task { [self] in
            bus = await open()
            guard let bus, isStarted else { return await stop() }
            let sessions = SignalMatch(
                sender: "org.freedesktop.login1", interface: "org.freedesktop.DBus.Properties",
                member: "PropertiesChanged")
            let changed = LoopBound(changed, on: bus.loop)
            _ = bus.subscribe(sessions) { _ in changed.value() }
        }
    }

    func stop() async {
        isStarted = false
        await bus?.close()
        bus = nil
    }
}
