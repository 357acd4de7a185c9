// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import JobFrames

/// Where a window that asks for the PIN can be seen.
extension Service {
    /// How long systemd may take to say what its environment is.
    private static let patience: Duration = .seconds(2)

    /// The caller's own display, else the session's as it is now: a service that was started before the desktop (by ssh, by an early
    /// login) has none, and one that has outlived a session has that one's.
    func display(for approval: Approval) async -> SessionDisplay {
        guard case .pinentry = approval.options.prompt(pinentry: nil) else { return SessionDisplay() }
        let asked = approval.options.display
        let session = await sessionDisplay()
        return asked.isNowhere ? session : asked.completed(by: session)
    }

    /// Desktops hand their variables to systemd's user manager when they start. Without systemd nobody can be asked.
    private func sessionDisplay() async -> SessionDisplay {
        // No answer is an answer, too: there is no such manager here.
        let value = try? await parts.bus.call(
            "org.freedesktop.systemd1", "/org/freedesktop/systemd1", PropertiesInterface.self, .get,
            [.string("org.freedesktop.systemd1.Manager"), .string("Environment")], timeout: Self.patience,
            startsService: false)
        let variables = value?.first?.unwrapped.elements?.compactMap(\.string) ?? []
        let managed = SessionDisplay(environment: variables)
        return managed.isNowhere ? parts.ownDisplay : managed
    }
}
