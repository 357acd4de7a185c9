// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
