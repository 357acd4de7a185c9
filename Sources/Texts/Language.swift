// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A language that E-Onay speaks: English is in the sources, Turkish in `po/tr.po`.
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case turkish = "tr"

    /// The language of a locale name such as "tr_TR.UTF-8", "tr" or "en-GB"; one that we do not speak gives English.
    public init(locale: String) {
        self = Language(spoken: locale) ?? .english
    }

    /// The language that gettext would choose: the locale is the first of LC_ALL, LC_MESSAGES and LANG that is set
    /// and not empty; unless that is "C", "POSIX" or nothing, the list in LANGUAGE comes before it.
    public static func from(environment: [String: String]) -> Language {
        let set = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let locale = set("LC_ALL") ?? set("LC_MESSAGES") ?? set("LANG"),
            !["C", "POSIX"].contains(languageCode(of: locale))
        else { return .english }
        for name in (set("LANGUAGE") ?? "").split(separator: ":") {
            if let spoken = Language(spoken: String(name)) { return spoken }
        }
        return Language(locale: locale)
    }

    /// The language of this process's environment. Reads it once at each call; not to be called while another thread sets it.
    public static func ofThisProcess() -> Language {
        var environment: [String: String] = [:]
        for name in ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        return from(environment: environment)
    }

    /// The plural form of a translation for `count`. For Turkish this is the Plural-Forms line of `po/tr.po`.
    func pluralForm(of count: Int) -> Int {
        switch self {
        case .english: count == 1 ? 0 : 1
        case .turkish: count > 1 ? 1 : 0
        }
    }

    private init?(spoken locale: String) {
        // Only ASCII can name a language here, so Swift's own lowercasing is safe: no C locale, no Turkish dotless i.
        self.init(rawValue: Self.languageCode(of: locale).lowercased())
    }

    private static func languageCode(of locale: String) -> String {
        String(locale.prefix { !"_-.@".contains($0) })
    }
}
