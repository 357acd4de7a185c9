// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

extension DesktopConfiguration {
    static let issuerGroup = "Issuer \"PART\""

    /// More does not fit a notification.
    private static let longestNote = 300

    /// The keys of an issuer, which apply to the one that is read last.
    static var keysOfIssuers: [ConfigurationKey<Self>] {
        [
            ofIssuer(
                "RenewalDays", .number(RenewalWindow.allowed),
                "So many days before their end its certificates are due to be renewed; 1 to 365.",
                into: \.renewalDays, ConfigurationValue.window),
            ofIssuer(
                "Ladder", .numbers(ReminderLadder.allowed),
                "The days before the end on which to remind of its certificates.", into: \.ladder,
                ConfigurationValue.ladder),
            ofIssuer(
                "RenewPage", .page, "The https address at which its certificates are renewed.", into: \.renewPage,
                ConfigurationValue.page),
            ofIssuer(
                "UnlockPage", .page, "The https address at which a locked PIN is unlocked.", into: \.unlockPage,
                ConfigurationValue.page),
            ofIssuer(
                "OpenPage", .page, "The https address at which a new certificate is opened and its PIN fetched.",
                into: \.openPage, ConfigurationValue.page),
            ofIssuer(
                "Phone", .phone, "The telephone number at which its holders are helped.", into: \.phone,
                ConfigurationValue.phone),
            ofIssuer(
                "Note", .sentence(longestNote),
                "What its holders do first to renew, in a sentence that reminders show.", into: \.note,
                ConfigurationValue.note),
            ofIssuer(
                "Note[en]", .sentence(longestNote), "The same in English, for those who use E-Onay in it.",
                into: \.noteInEnglish, ConfigurationValue.note),
        ]
    }

    private static func ofIssuer<Value>(
        _ name: String, _ rule: ConfigurationProblem.Rule, _ sentence: String,
        into property: any WritableKeyPath<IssuerProfile, Value?> & Sendable,
        _ parse: @escaping @Sendable (String) -> Value?
    ) -> ConfigurationKey<Self> {
        ConfigurationKey(issuerGroup, name, rule, usual: .builtIn, sentence) { settings, text in
            guard let last = settings.ownIssuers.indices.last, let value = parse(text) else { return false }
            settings.ownIssuers[last][keyPath: property] = value
            return true
        }
    }
}

extension ConfigurationValue {
    /// Digits with blanks, `+`, `-`, `/` and parentheses among them.
    static func phone(_ text: String) -> String? {
        let digits = text.utf8.count { (0x30...0x39).contains($0) }
        return (3...20).contains(digits) && text.utf8.count <= 32
            && text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) || " +-/()".unicodeScalars.contains($0) }
            ? text : nil
    }

    /// One line that can be shown, of at most 300 characters.
    static func note(_ text: String) -> String? {
        (1...300).contains(text.count) && ShowableText.line(text) == text ? text : nil
    }
}
