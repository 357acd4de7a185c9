// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Notifications

/// Prints events, on a thread of its own as the service does: Swift's shared pool would wake up each second, and the tests
/// count wake-ups.
actor EventPrinter {
    private nonisolated let thread: BlockingThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init() throws { thread = try BlockingThread(name: "printer") }

    nonisolated func start(_ events: AsyncStream<NotificationEvent>) {
        Task(executorPreference: thread.tasks) { await self.print(events) }
    }

    private func print(_ events: AsyncStream<NotificationEvent>) async {
        for await event in events { Self.say(Self.text(event)) }
    }

    static func text(_ event: NotificationEvent) -> String {
        switch event {
        case .shown(let key): "shown \(key)"
        case .action(let key, let id): "action \(key) \(id)"
        case .closed(let key, let reason): "closed \(key) \(reason.rawValue)"
        case .unavailable(let reason): "unavailable \(reason)"
        case .withoutActions: "without-actions"
        }
    }

    nonisolated static func say(_ line: String) {
        var line = line + "\n"
        line.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
    }
}
