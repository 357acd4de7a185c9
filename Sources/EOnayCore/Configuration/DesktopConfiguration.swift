// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What the desktop service can be told, each with what holds without it.
public struct DesktopConfiguration: Sendable, Equatable {
    /// `[General] Locale`: for notifications and prompts; nil for the session's.
    public var locale: String?
    /// `[General] TimeZone`: for dates that are shown.
    public var timeZone = "Europe/Istanbul"
    /// `[Reminders] Enabled`.
    public var remindersEnabled = true
    /// `[Reminders] RenewalDays`.
    public var renewalWindow = RenewalWindow.usual
    /// `[Reminders] Ladder`.
    public var ladder = ReminderLadder.usual
    /// `[Tokens] Modules`: PKCS#11 modules to try first, by their absolute paths.
    public var modules: [String] = []
    /// `[Tokens] Discover`: whether to look for modules where p11-kit and the vendors put them.
    public var discoversModules = true
    /// `[Tokens] ListDeadline`: seconds that a module has to list a card.
    public var listDeadline = 20
    /// `[Portal "NAME"]`, the first being the one that is meant where none is named.
    public var portals: [ConfiguredPortal] = []
    /// `[Renewal]`, then those known without configuration.
    public var renewalPages = RenewalPage.known
    /// `[Prompt] Pinentry`: the program's absolute path; nil for the system's.
    public var pinentry: String?
    /// `[Notifications] Enabled`.
    public var notificationsEnabled = true

    /// What holds where nothing is configured.
    public init() {}

    /// The planner of the reminders as they are configured.
    public var reminderPlanner: ReminderPlanner {
        ReminderPlanner(ladder: ladder, window: renewalWindow, isEnabled: remindersEnabled)
    }

    /// The address at which certificates of this issuer are renewed: of the first entry whose part the name holds.
    public func renewalPage(ofIssuer name: String) -> String? {
        renewalPages.first { page in
            // Not name.contains(…), which would bring Swift's regular expressions, 1 MB of program, into the service.
            name.indices.contains { name[$0...].hasPrefix(page.issuerPart) }
        }?.address
    }
}
