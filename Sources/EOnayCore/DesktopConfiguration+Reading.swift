// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension DesktopConfiguration {
    /// Reads the configuration from files, the strongest first, and tells what is wrong in them.
    ///
    /// A key counts in the first file that has it right: a wrong line counts as if it were not there. Portals and
    /// renewal pages come in the order of the files and of their lines.
    public static func read(
        _ files: [(name: String, contents: [UInt8])]
    ) -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue]) {
        var reader = ConfigurationReader(files)
        var result = DesktopConfiguration()
        result.readGeneral(&reader)
        result.readReminders(&reader)
        result.readTokens(&reader)
        result.portals = reader.portals()
        result.renewalPages = reader.renewalPages() + RenewalPage.known
        result.pinentry = reader.value(
            "Prompt", "Pinentry", or: nil, shown: "the system's", must: "an absolute path"
        ) { ConfigurationValue.path($0) }
        result.notificationsEnabled = reader.flag("Notifications", "Enabled")
        return (result, reader.allIssues)
    }

    private mutating func readGeneral(_ reader: inout ConfigurationReader) {
        locale = reader.value("General", "Locale", or: nil, shown: "the session's", must: "a locale's name") {
            ConfigurationValue.locale($0)
        }
        timeZone = reader.value(
            "General", "TimeZone", or: timeZone, shown: timeZone, must: "a time zone's name", ConfigurationValue.zone)
    }

    private mutating func readReminders(_ reader: inout ConfigurationReader) {
        remindersEnabled = reader.flag("Reminders", "Enabled")
        renewalWindow = reader.value(
            "Reminders", "RenewalDays", or: renewalWindow, shown: "\(renewalWindow.days)",
            must: "a number from 1 to 365"
        ) { ConfigurationValue.number($0, in: RenewalWindow.allowed).flatMap { RenewalWindow(days: $0) } }
        ladder = reader.value(
            "Reminders", "Ladder", or: ladder, shown: ladder.rungs.map { "\($0)" }.joined(separator: ";"),
            must: "numbers from 0 to 365 with ; between them"
        ) { text in
            ConfigurationValue.list(text) { ConfigurationValue.number($0, in: ReminderLadder.allowed) }
                .flatMap { ReminderLadder($0) }
        }
    }

    private mutating func readTokens(_ reader: inout ConfigurationReader) {
        modules = reader.value(
            "Tokens", "Modules", or: modules, shown: "none", must: "absolute paths with ; between them"
        ) { ConfigurationValue.list($0, of: ConfigurationValue.path) }
        discoversModules = reader.flag("Tokens", "Discover")
        listDeadline = reader.value(
            "Tokens", "ListDeadline", or: listDeadline, shown: "\(listDeadline)", must: "a number from 1 to 600"
        ) { ConfigurationValue.number($0, in: 1...600) }
    }
}

extension ConfigurationReader {
    /// A switch that is on unless it is turned off.
    fileprivate mutating func flag(_ group: String, _ key: String) -> Bool {
        value(group, key, or: true, shown: "true", must: "true or false", ConfigurationValue.flag)
    }
}
