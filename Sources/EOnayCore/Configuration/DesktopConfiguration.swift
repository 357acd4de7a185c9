// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The settings of the desktop service, each with its value where nothing is configured (`keys`).
public struct DesktopConfiguration: Sendable, Equatable {
    /// `[General] Locale`; nil: the session's.
    public var locale: String?
    /// `[General] TimeZone`.
    public var timeZone = "Europe/Istanbul"
    /// `[Reminders] Enabled`.
    public var remindersEnabled = true
    /// `[Reminders] RenewalDays`.
    public var renewalWindow = RenewalWindow.usual
    /// `[Reminders] Ladder`.
    public var ladder = ReminderLadder.usual
    /// `[Tokens] Modules`.
    public var modules: [String] = []
    /// `[Tokens] Discover`.
    public var discoversModules = true
    /// `[Tokens] Confine`.
    public var confinesModules = true
    /// `[Tokens] ListDeadline`.
    public var listDeadline = 20
    /// `[Portal "NAME"]`; a caller that names none means the first.
    public var portals: [ConfiguredPortal] = []
    /// `[Renewal]`, then the built-in ones.
    public var renewalPages = RenewalPage.known
    /// `[Prompt] Pinentry`; nil: the system's.
    public var pinentry: String?
    /// `[Notifications] Enabled`.
    public var notificationsEnabled = true
    /// `[Revocation] Ask`.
    public var asksResponders = true
    /// `[Revocation] Deadline`, in seconds.
    public var responderDeadline = 3

    public init() {}

    /// The planner of the reminders as they are configured.
    public var reminderPlanner: ReminderPlanner {
        ReminderPlanner(ladder: ladder, window: renewalWindow, isEnabled: remindersEnabled)
    }

    /// The address at which certificates of this issuer are renewed: that of the first entry whose part is in the name.
    public func renewalPage(ofIssuer name: String) -> String? {
        renewalPages.first { page in
            // Not name.contains(…), which would bring Swift's regular expressions, 1 MB of program, into the service.
            name.indices.contains { name[$0...].hasPrefix(page.issuerPart) }
        }?.address
    }
}

/// A portal that the configuration names.
public struct ConfiguredPortal: Sendable, Equatable {
    /// NAME of the group's head.
    public let name: String
    public let origin: Origin
    /// A PEM file with the authorities for its TLS certificate; nil: the system's.
    public let caFile: String?

    public init(name: String, origin: Origin, caFile: String? = nil) {
        self.name = name
        self.origin = origin
        self.caFile = caFile
    }
}

/// The page where certificates of an issuer are renewed.
public struct RenewalPage: Sendable, Equatable {
    /// A part of the issuer's name.
    public let issuerPart: String
    /// An https address.
    public let address: String

    public init(issuerPart: String, address: String) {
        self.issuerPart = issuerPart
        self.address = address
    }

    /// Kamu SM's, built in.
    public static let known = [
        RenewalPage(issuerPart: "Kamu Elektronik Sertifika Hizmet Sağlayıcısı", address: kamuSM),
        RenewalPage(issuerPart: "Kamu SM", address: kamuSM),
    ]

    private static let kamuSM = "https://onlineislemler.kamusm.gov.tr/"
}
