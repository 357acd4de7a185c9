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
            "Prompt", "Pinentry", or: nil, shown: .ofTheSystem, must: .path
        ) { ConfigurationValue.path($0) }
        result.notificationsEnabled = reader.flag("Notifications", "Enabled")
        return (result, reader.allIssues)
    }

    private mutating func readGeneral(_ reader: inout ConfigurationReader) {
        locale = reader.value("General", "Locale", or: nil, shown: .ofTheSession, must: .locale) {
            ConfigurationValue.locale($0)
        }
        timeZone = reader.value(
            "General", "TimeZone", or: timeZone, shown: .value(timeZone), must: .zone, ConfigurationValue.zone)
    }

    private mutating func readReminders(_ reader: inout ConfigurationReader) {
        remindersEnabled = reader.flag("Reminders", "Enabled")
        renewalWindow = reader.value(
            "Reminders", "RenewalDays", or: renewalWindow, shown: .value("\(renewalWindow.days)"),
            must: .number(RenewalWindow.allowed)
        ) { ConfigurationValue.number($0, in: RenewalWindow.allowed).flatMap { RenewalWindow(days: $0) } }
        ladder = reader.value(
            "Reminders", "Ladder", or: ladder, shown: .value(ladder.thresholds.map { "\($0)" }.joined(separator: ";")),
            must: .numbers(ReminderLadder.allowed)
        ) { text in
            ConfigurationValue.list(text) { ConfigurationValue.number($0, in: ReminderLadder.allowed) }
                .flatMap { ReminderLadder($0) }
        }
    }

    private mutating func readTokens(_ reader: inout ConfigurationReader) {
        modules = reader.value(
            "Tokens", "Modules", or: modules, shown: .none, must: .paths
        ) { ConfigurationValue.list($0, of: ConfigurationValue.path) }
        discoversModules = reader.flag("Tokens", "Discover")
        listDeadline = reader.value(
            "Tokens", "ListDeadline", or: listDeadline, shown: .value("\(listDeadline)"), must: .number(1...600)
        ) { ConfigurationValue.number($0, in: 1...600) }
    }
}

extension ConfigurationReader {
    /// A switch that is on unless it is turned off.
    fileprivate mutating func flag(_ group: String, _ key: String) -> Bool {
        value(group, key, or: true, shown: .value("true"), must: .flag, ConfigurationValue.flag)
    }
}
