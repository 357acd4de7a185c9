// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Texts

/// `po/tr.po` is complete, and holds nothing else.
@Suite(.timeLimit(.minutes(1)))
struct TurkishCatalogueTests {
    private let entries: [POEntry]
    private let sources: [SourceString]

    init() throws {
        let path = SourceString.package.appendingPathComponent("po/tr.po")
        entries = try POFile(String(contentsOf: path, encoding: .utf8)).entries
        sources = try SourceString.all()
    }

    @Test func theEmbeddedCatalogueIsTheFile() throws {
        #expect(try POFile(String(decoding: PackageResources.tr_po, as: UTF8.self)).entries == entries)
    }

    @Test func everySourceStringIsTranslated() {
        let translated = Dictionary(entries.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        for source in sources {
            let place: Comment = "\(source.file):\(source.line): \(source.text)"
            guard let entry = translated[source.text] else {
                Issue.record("not in po/tr.po: \(place)")
                continue
            }
            #expect(!entry.isFuzzy && !entry.translations.contains(""), place)
            #expect(entry.plural == source.plural, place)
        }
    }

    @Test func everyMessageIsUsedAndStandsOnce() {
        let used = Set(sources.map(\.text))
        var seen: Set<String> = [""]
        for entry in entries.dropFirst() {
            #expect(used.contains(entry.source), "line \(entry.line) is used nowhere")
            #expect(seen.insert(entry.source).inserted, "line \(entry.line) is there twice")
        }
    }

    @Test func translationsKeepTheirPlaceholders() {
        for entry in entries.dropFirst() {
            let wanted = Set((entry.plural ?? entry.source).matches(of: /%[1-9%]/).map { String($0.output) })
            for translation in entry.translations {
                let found = Set(translation.matches(of: /%[1-9%]/).map { String($0.output) })
                #expect(found == wanted, "line \(entry.line)")
            }
            #expect(entry.translations.count == (entry.plural == nil ? 1 : 2), "line \(entry.line)")
        }
    }

    /// Capitals are those of Turkish: İ above i, I above ı.
    @Test func aHeadingIsItsWordInTurkishCapitals() {
        let words = Dictionary(entries.map { ($0.source, $0.translations) }, uniquingKeysWith: { first, _ in first })
        var compared = 0
        for (source, translations) in words where source.count > 3 && source == source.uppercased() {
            let word = words.first { $0.key != source && $0.key.uppercased() == source }
            guard let word, let own = word.value.first else { continue }
            let capitals = own.replacing("i", with: "İ").replacing("ı", with: "I").uppercased()
            #expect(translations.first == capitals, "\(source)")
            compared += 1
        }
        #expect(compared > 5)
    }

    @Test func theHeaderSaysWhatTheCodeDoes() throws {
        let header = try #require(entries.first)
        #expect(header.source == "")
        #expect(header.translations.first?.contains("charset=UTF-8\n") == true)
        // Language.pluralForm(of:)
        #expect(header.translations.first?.contains("Plural-Forms: nplurals=2; plural=(n > 1);\n") == true)
    }
}
