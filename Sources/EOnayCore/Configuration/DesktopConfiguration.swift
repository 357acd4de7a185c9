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
    /// `[Reminders] RenewalDays`; nil: the issuer's, else the usual one.
    public var ownRenewalWindow: RenewalWindow?
    /// `[Reminders] Ladder`; nil: the issuer's, else the usual one.
    public var ownLadder: ReminderLadder?
    /// `[Reminders] Kinds`.
    public var remindedKinds = CertificateKind.usuallyReminded
    /// `[Reminders] Command`: the path and its arguments; empty: none.
    public var reminderCommand: [String] = []
    /// `[Tokens] Modules`.
    public var modules: [String] = []
    /// `[Tokens] Discover`.
    public var discoversModules = true
    /// `[Tokens] Confine`.
    public var confinesModules = true
    /// `[Tokens] ReadWithoutDriver`.
    public var readsWithoutDriver = true
    /// `[Tokens] ListDeadline`.
    public var listDeadline = 20
    /// `[Portal "NAME"]`; a caller that names none means the first.
    public var portals: [ConfiguredPortal] = []
    /// `[Renewal]`, then the built-in ones.
    public var renewalPages = RenewalPage.known
    /// `[Issuer "PART"]`, without the built-in ones.
    public var ownIssuers: [IssuerProfile] = []
    /// `[Prompt] Pinentry`; nil: the system's.
    public var pinentry: String?
    /// `[Notifications] Enabled`.
    public var notificationsEnabled = true
    /// `[Privacy] Remember`.
    public var remembers = true
    /// `[Privacy] ForgetAfterYears`; 0: never.
    public var forgetAfterYears = 3
    /// `[Revocation] Ask`.
    public var asksResponders = true
    /// `[Revocation] Deadline`, in seconds.
    public var responderDeadline = 3

    public init() {}

    /// The window of a certificate whose issuer has none of its own.
    public var renewalWindow: RenewalWindow {
        get { ownRenewalWindow ?? .usual }
        set { ownRenewalWindow = newValue }
    }

    /// The ladder of a certificate whose issuer has none of its own.
    public var ladder: ReminderLadder {
        get { ownLadder ?? .usual }
        set { ownLadder = newValue }
    }

    /// The planner of the reminders as they are configured.
    public var reminderPlanner: ReminderPlanner {
        ReminderPlanner(
            ladder: ownLadder, window: ownRenewalWindow, isEnabled: remindersEnabled, issuers: issuers,
            kinds: remindedKinds)
    }

    /// The person's, then the built-in ones.
    public var issuers: [IssuerProfile] { ownIssuers + IssuerProfile.known }

    /// Everything that is known of an issuer. Its page for renewals may also stand in `[Renewal]`.
    public func profile(of issuer: Issuer) -> IssuerProfile {
        var profile = issuers.profile(of: issuer)
        profile.renewPage = renewalPage(of: issuer)
        return profile
    }

    /// The address at which certificates of this issuer are renewed: that of the first entry that is about it.
    public func renewalPage(of issuer: Issuer) -> String? {
        ownIssuers.profile(of: issuer).renewPage
            ?? renewalPages.first { IssuerProfile($0.issuerPart).isOf(issuer) }?.address
            ?? IssuerProfile.known.profile(of: issuer).renewPage
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
    public static let known = IssuerProfile.known.filter(\.beginsAtInstitution).compactMap { profile in
        profile.renewPage.map { RenewalPage(issuerPart: profile.issuer, address: $0) }
    }
}
