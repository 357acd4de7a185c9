// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import Texts

/// Whether a notification server shows notices, and buttons with them. An approval does without.
struct NotificationCheck: Check {
    let topic = Topic.notifications
    let limit: Duration = .seconds(5)

    private static let name = "org.freedesktop.Notifications"

    func look(_ examination: Examination) async -> [Finding] {
        guard examination.facts.configuration.notificationsEnabled else {
            return [
                Finding(
                    .notificationsOff, .warning,
                    .text(Texts.marked("Notifications are switched off: [Notifications] Enabled in eonay.conf.")))
            ]
        }
        guard let client = examination.facts.bus else { return [.notLookedAt(topic, because: .service)] }
        do {
            let abilities = try await client.bus.call(
                Self.name, "/org/freedesktop/Notifications", Self.name, "GetCapabilities", timeout: .seconds(4))
            let server = try? await client.bus.call(
                Self.name, "/org/freedesktop/Notifications", Self.name, "GetServerInformation", timeout: .seconds(2))
            let name = Phrase.Argument.plain(server?.first?.string ?? "?")
            guard abilities.first?.strings.contains("actions") == true else {
                return [
                    Finding(
                        .noButtons, .warning,
                        .text(Texts.marked("%1 shows notifications, but no buttons on them."), [name]))
                ]
            }
            return [
                Finding(.notificationsShown, .fine, .text(Texts.marked("%1 shows notifications with buttons."), [name]))
            ]
        } catch let error as BusError where error.name == BusError.noReply {
            return [noAnswer]
        } catch {
            return [
                Finding(
                    .noNotifications, .warning,
                    .text(Texts.marked("No program shows notifications: reminders will not be seen.")),
                    command: .installNotificationServer)
            ]
        }
    }
}
