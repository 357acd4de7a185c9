// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Settings that a program reads from key files by a table of its own.
///
/// The table has all that a key is: reading follows it, an unknown key is one that is not in it, and tests compare manual page and example with it.
public protocol ConfigurationSettings: Sendable {
    /// Every key, in the order of the manual.
    static var keys: [ConfigurationKey<Self>] { get }
}

/// A key of a program's configuration: its place, the form of its value, the value without it, and its sentence in the manual.
public struct ConfigurationKey<Settings: ConfigurationSettings>: Sendable {
    /// The group's name, such as `Server`; `Portal "NAME"` for the groups of the desktop's portals.
    public let group: String
    public let name: String
    public let rule: ConfigurationProblem.Rule
    /// The value where none is configured.
    public let usual: ConfigurationProblem.Instead
    /// In the language of man(7).
    public let sentence: String
    /// Puts a value into the settings, or answers false where the text is no such value.
    public let apply: @Sendable (inout Settings, String) -> Bool

    public init(
        _ group: String, _ name: String, _ rule: ConfigurationProblem.Rule, usual: ConfigurationProblem.Instead,
        _ sentence: String, apply: @escaping @Sendable (inout Settings, String) -> Bool
    ) {
        (self.group, self.name, self.rule, self.usual, self.sentence) = (group, name, rule, usual, sentence)
        self.apply = apply
    }

    /// A key whose value goes into a property; `parse` gives nil for a text that is no such value.
    public init<Value>(
        _ group: String, _ name: String, _ rule: ConfigurationProblem.Rule, usual: ConfigurationProblem.Instead,
        _ sentence: String, into property: any WritableKeyPath<Settings, Value> & Sendable,
        _ parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(group, name, rule, usual: usual, sentence) { settings, text in
            guard let value = parse(text) else { return false }
            settings[keyPath: property] = value
            return true
        }
    }

    /// The default as a file has it; empty where there is none.
    public var usualText: String { if case .value(let text) = usual { text } else { "" } }
}

extension DesktopConfiguration: ConfigurationSettings {
    static let portalGroup = "Portal \"NAME\""

    private static func ofPortal(
        _ name: String, _ rule: ConfigurationProblem.Rule, usual: ConfigurationProblem.Instead, _ sentence: String
    ) -> ConfigurationKey<Self> {
        // A portal is read as a whole.
        ConfigurationKey(portalGroup, name, rule, usual: usual, sentence) { _, _ in false }
    }

    /// The keys of `eonay.conf`. The table is made anew for each reading, so that a resident process does not keep it.
    public static var keys: [ConfigurationKey<Self>] { keysBeforeIssuers + keysOfIssuers + keysAfterIssuers }

    private static var keysBeforeIssuers: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "General", "Locale", .locale, usual: .ofTheSession,
                "The language of notifications and prompts, such as tr_TR.UTF-8; without it, the session's.",
                into: \.locale, ConfigurationValue.locale),
            ConfigurationKey(
                "General", "TimeZone", .zone, usual: .value("Europe/Istanbul"),
                "The zone in which dates are shown, by eonay too.", into: \.timeZone, ConfigurationValue.zone),
            ConfigurationKey(
                "Reminders", "Enabled", .flag, usual: .value("true"), "Whether to remind of the end of certificates.",
                into: \.remindersEnabled, ConfigurationValue.flag),
            ConfigurationKey(
                "Reminders", "RenewalDays", .number(RenewalWindow.allowed), usual: .value("30"),
                "So many days before its end a certificate is due to be renewed; 1 to 365.", into: \.renewalWindow,
                ConfigurationValue.window),
            ConfigurationKey(
                "Reminders", "Ladder", .numbers(ReminderLadder.allowed), usual: .value("30;14;7;3;1;0"),
                "The days before the end on which to remind; 0 is the end itself.", into: \.ladder,
                ConfigurationValue.ladder),
            ConfigurationKey(
                "Reminders", "Kinds", .words(CertificateKind.allCases.map(\.rawValue)),
                usual: .value("nes;mobile-nes;seal"),
                "The kinds of certificates to remind of: a person's (nes, mobile-nes), a company's seal (seal), others.",
                into: \.remindedKinds
            ) { text in
                ConfigurationValue.list(text) { CertificateKind(rawValue: $0) }.flatMap { $0.isEmpty ? nil : Set($0) }
            },
            ConfigurationKey(
                "Reminders", "Command", .command, usual: .none,
                "A program to run at each reminder and change, by its absolute path, with arguments after it.",
                into: \.reminderCommand, CommandWords.words),
            ConfigurationKey(
                "Tokens", "Modules", .paths, usual: .none, "PKCS#11 modules to try first, by their absolute paths.",
                into: \.modules
            ) { ConfigurationValue.list($0, of: ConfigurationValue.path) },
            ConfigurationKey(
                "Tokens", "Discover", .flag, usual: .value("true"),
                "Whether to look for modules where p11-kit and the card makers put them.", into: \.discoversModules,
                ConfigurationValue.flag),
            ConfigurationKey(
                "Tokens", "Confine", .flag, usual: .value("true"),
                "Whether a module may open only what SECURITY.md lists; false for one that does not work so.",
                into: \.confinesModules, ConfigurationValue.flag),
            ConfigurationKey(
                "Tokens", "ReadWithoutDriver", .flag, usual: .value("true"),
                "Whether to read the certificates of an AKİS card that no module reads; signing needs its driver.",
                into: \.readsWithoutDriver, ConfigurationValue.flag),
            ConfigurationKey(
                "Tokens", "ListDeadline", .number(1...600), usual: .value("20"),
                "Seconds that a module has to read a card before its job is killed; 1 to 600.", into: \.listDeadline
            ) { ConfigurationValue.number($0, in: 1...600) },
            ofPortal(
                "Origin", .origin, usual: .noPortal,
                "Its address: https://HOST or https://HOST:PORT. http is accepted for a loopback address alone."),
            ofPortal(
                "CAFile", .path, usual: .ofTheSystem,
                "A PEM file with the authorities for its TLS certificate, by its absolute path; without it, the system's."
            ),
        ]
    }

    private static var keysAfterIssuers: [ConfigurationKey<Self>] {
        [
            ConfigurationKey(
                "Prompt", "Pinentry", .path, usual: .ofTheSystem,
                "The absolute path of the pinentry program; without it, the system's.", into: \.pinentry,
                ConfigurationValue.path),
            ConfigurationKey(
                "Notifications", "Enabled", .flag, usual: .value("true"), "Whether to show notifications.",
                into: \.notificationsEnabled, ConfigurationValue.flag),
            ConfigurationKey(
                "Privacy", "Remember", .flag, usual: .value("true"),
                "Whether anything is kept beyond the session; a change counts from the service's next start.",
                into: \.remembers, ConfigurationValue.flag),
            ConfigurationKey(
                "Privacy", "ForgetAfterYears", .number(0...100), usual: .value("3"),
                "A certificate is forgotten that was not seen for so many years after its end; 0: never.",
                into: \.forgetAfterYears
            ) { ConfigurationValue.number($0, in: 0...100) },
            ConfigurationKey(
                "Revocation", "Ask", .flag, usual: .value("true"),
                "Whether to ask a certificate's responder for its state while the card is in, once a day at most.",
                into: \.asksResponders, ConfigurationValue.flag),
            ConfigurationKey(
                "Revocation", "Deadline", .number(1...60), usual: .value("3"),
                "Seconds that a responder has to answer; 1 to 60.", into: \.responderDeadline
            ) { ConfigurationValue.number($0, in: 1...60) },
        ]
    }
}

/// Reads the values of a configuration. Each function gives nil for a text that is not such a value.
enum ConfigurationValue {
    /// `true` or `false`.
    static func flag(_ text: String) -> Bool? { Bool(text) }

    static func ladder(_ text: String) -> ReminderLadder? {
        list(text) { number($0, in: ReminderLadder.allowed) }.flatMap { ReminderLadder($0) }
    }

    static func window(_ text: String) -> RenewalWindow? {
        number(text, in: RenewalWindow.allowed).flatMap { RenewalWindow(days: $0) }
    }

    /// A decimal number without sign.
    static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    /// Items with `;` between them; blanks around an item and a `;` at the end do not count.
    static func list<Item>(_ text: String, of item: (String) -> Item?) -> [Item]? {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false).map(KeyFile.trimmed)
        if parts.last?.isEmpty == true { parts.removeLast() }
        let items = parts.compactMap { item(String($0)) }
        return items.count == parts.count ? items : nil
    }

    /// An absolute path.
    static func path(_ text: String) -> String? {
        text.hasPrefix("/") && text.utf8.count < 4096 && !text.utf8.contains(0) ? text : nil
    }

    /// `tr_TR.UTF-8`, `C`, `en_US@currency`.
    static func locale(_ text: String) -> String? {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || "_-.@".unicodeScalars.contains(scalar)
            } ? text : nil
    }

    /// `Europe/Istanbul`: a zone of the system's database. Turkey's is known without one.
    static func zone(_ text: String) -> String? {
        text == Zone.istanbul.name || Zone(named: text) != nil ? text : nil
    }

    /// An https address in visible ASCII: the desktop is asked to open it.
    static func page(_ text: String) -> String? {
        text.hasPrefix("https://") && (9...2048).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    }
}
