// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import SystemBasics

/// The texts that E-Onay shows to people, in their language and with dates of their time zone.
///
/// A source string is a plain English literal in the call, so that the tests find it and demand its translation:
/// `texts.text("Valid until %1", texts.date(notAfter))`. One that is chosen from a table is marked there with `Texts.marked`.
public struct Texts: Sendable {
    public let language: Language
    public let zone: Zone

    /// - Parameter zone: for dates and times of day.
    public init(_ language: Language, zone: Zone = .istanbul) {
        self.language = language
        self.zone = zone
    }

    /// The text in this language, `%1` to `%9` replaced by the arguments; "%%" is a percent sign. A text
    /// without a translation stays English.
    public func text(_ source: String, _ arguments: any CustomStringConvertible...) -> String {
        Self.fill(translation(of: source) ?? source, arguments)
    }

    /// The text for `count` things: `%1` is the count, `%2` and up are the arguments.
    public func text(
        _ source: String, plural: String, count: Int, _ arguments: any CustomStringConvertible...
    ) -> String {
        let form = language.pluralForm(of: count)
        let english = Language.english.pluralForm(of: count) == 0 ? source : plural
        return Self.fill(translation(of: source, form: form) ?? english, [count] + arguments)
    }

    /// Marks a source string that is translated elsewhere, as gettext's N_() does: a row of a table, a default value.
    public static func marked(_ source: StaticString) -> String {
        source.description
    }

    /// A certificate holder's name, or the words for a certificate whose subject is empty.
    public func holder(_ name: String) -> String {
        name.isEmpty ? text("holder without a name") : name
    }

    private func translation(of source: String, form: Int = 0) -> String? {
        switch language {
        case .english: nil
        case .turkish: Catalogue.turkish.translation(of: source, form: form)
        }
    }

    /// A placeholder without its argument is left standing: a visible mistake, never a crash.
    static func fill(_ text: String, _ arguments: [any CustomStringConvertible]) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var filled = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "%", let next = rest.first else {
                filled.append(character)
                continue
            }
            if next == "%" {
                filled.append("%")
                rest.removeFirst()
            } else if let number = next.wholeNumberValue, next.isASCII, number >= 1, number <= arguments.count {
                filled += arguments[number - 1].description
                rest.removeFirst()
            } else {
                filled.append("%")
            }
        }
        return filled
    }
}

/// The translations of one language, by source string.
struct Catalogue: Sendable {
    private let translations: [String: [String]]

    /// The Turkish catalogue, parsed when the first Turkish text is wanted.
    static let turkish: Catalogue = {
        // The tests parse the same bytes, so this cannot fail in a build that passed them; if it did, English serves.
        let file = try? POFile(String(decoding: PackageResources.tr_po, as: UTF8.self))
        return Catalogue(file?.entries ?? [])
    }()

    /// Collects every message that is translated and confirmed; of two with the same source, the first.
    init(_ entries: [POEntry]) {
        let usable = entries.filter { !$0.source.isEmpty && !$0.isFuzzy && !$0.translations.contains("") }
        translations = Dictionary(usable.map { ($0.source, $0.translations) }, uniquingKeysWith: { first, _ in first })
    }

    /// The translation of `source`, or nil where there is none.
    func translation(of source: String, form: Int = 0) -> String? {
        guard let forms = translations[source] else { return nil }
        return forms[min(form, forms.count - 1)]
    }
}
