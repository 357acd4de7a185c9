// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

/// The one notice of reminders, and how far each of them has come: on disk, and on the screen.
///
/// A reminder is written down as shown before it is shown, so that a crash cannot make it come twice. That is taken back when it turns out
/// that nobody could see it, so that it is not lost at a login where the notification server comes late.
struct ReminderNotice: Equatable {
    struct Entry: Equatable {
        let reminder: Reminder
        /// On disk as shown.
        var isRecorded: Bool
        var isShown = false
    }

    /// One for each certificate.
    private(set) var entries: [Entry] = []

    var certificates: [String] { entries.map(\.reminder.certificate) }

    var handovers: Set<String> {
        Set(entries.map(\.reminder).filter { $0.threshold == Reminder.handover }.map(\.certificate))
    }

    /// Tells more; of a certificate, the newer reminder counts. The reminders that stand there already go on standing beside it.
    mutating func add(_ reminders: [Reminder], areRecorded: Bool) {
        entries.removeAll { old in reminders.contains { $0.certificate == old.reminder.certificate } }
        entries += reminders.map { Entry(reminder: $0, isRecorded: areRecorded) }
    }

    /// Tells no more of these; whether there is a difference.
    mutating func drop(where isMoot: (String) -> Bool) -> Bool {
        let before = entries.count
        entries.removeAll { isMoot($0.reminder.certificate) }
        return entries.count != before
    }

    /// The server has taken the notice; gives what is still to be written down.
    mutating func shown() -> [Reminder] {
        let unrecorded = entries.filter { !$0.isRecorded }.map(\.reminder)
        for index in entries.indices { (entries[index].isShown, entries[index].isRecorded) = (true, true) }
        return unrecorded
    }

    /// A person has seen these, wherever; gives what is still to be written down.
    func seen(_ ids: [String]) -> [Reminder] {
        entries.filter { !$0.isRecorded && ids.contains($0.reminder.certificate) }.map(\.reminder)
    }

    /// The notice went from the screen; what was not on it yet stays.
    mutating func closed() {
        entries.removeAll(where: \.isShown)
    }

    /// No server takes it; gives what was written down too early.
    mutating func unseen() -> [Reminder] {
        let early = entries.filter { $0.isRecorded && !$0.isShown }.map(\.reminder)
        for index in entries.indices where !entries[index].isShown { entries[index].isRecorded = false }
        return early
    }
}
