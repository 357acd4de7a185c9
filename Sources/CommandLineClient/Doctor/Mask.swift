// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import JobFrames
import SystemBasics

/// Takes out of a report what names a person, a card or a computer.
///
/// Findings say which of their words are personal, and those are left out. This is the second net: the words that are known from the card
/// and from this computer, and every number that could be an identity number or a serial.
struct Mask: Sendable {
    static let mark = "…"
    private static let longestNumber = 7
    private let words: [String]

    init(words: [String]) {
        self.words = words.filter { $0.count > 2 }.sorted { $0.count > $1.count }
    }

    /// With what is on the cards, the person's account, and the computer's name.
    init(_ examination: Examination) {
        var words: [String] = []
        for card in examination.facts.cards {
            words += [String(decoding: card.reader, as: UTF8.self), card.description.label]
            for certificate in card.description.certificates {
                words += [certificate.holder, certificate.serialNumber, certificate.id, certificate.subject]
                words += certificate.holder.split(separator: " ").map(String.init)
            }
        }
        words += examination.facts.survey?.readers.map(\.shownName) ?? []
        var name = [CChar](repeating: 0, count: 256)
        if gethostname(&name, name.count - 1) == 0 { words.append(Self.text(name)) }
        if let account = examination.surroundings.value("USER"), account != "root" { words.append(account) }
        self.init(words: words)
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The home folder's name is mostly the person's.
    static func withoutHome(_ path: String) -> String {
        guard let home = Surroundings.value("HOME"), home.count > 1, path.hasPrefix(home + "/") else {
            let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            guard path.hasPrefix("/home/"), parts.count > 2 else { return path }
            return "/home/\(mark)/" + parts[2].drop { $0 != "/" }.dropFirst()
        }
        return "~" + path.dropFirst(home.count)
    }

    func masked(_ text: String) -> String {
        var text = text
        for word in words { text = Self.replacing(word, in: text) }
        return Self.withoutNumbers(text)
    }

    private static func replacing(_ word: String, in text: String) -> String {
        var (rest, done) = (text[...], "")
        while !rest.isEmpty {
            if rest.hasPrefix(word) {
                done += mark
                rest = rest.dropFirst(word.count)
            } else {
                done.append(rest.removeFirst())
            }
        }
        return done
    }

    /// Eight digits or more in a row, decimal or hexadecimal with a decimal one among them.
    private static func withoutNumbers(_ text: String) -> String {
        var (done, run) = ("", "")
        func end() {
            done += run.count > longestNumber && run.contains(where: \.isNumber) ? mark : run
            run = ""
        }
        for character in text {
            if character.isHexDigit {
                run.append(character)
            } else {
                end()
                done.append(character)
            }
        }
        end()
        return done
    }
}
