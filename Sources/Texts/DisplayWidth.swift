// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The width of a text in columns of a terminal.
///
/// Not wcwidth(3): it depends on the C locale, under which an "ş" may count as two, or as none.
public enum DisplayWidth {
    /// Columns of a whole text.
    public static func of(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    /// One for a letter with all its marks, two for an ideograph or a picture, none for what only joins.
    public static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // A flag is two letters; a picture that is one by itself is wide, wherever it stands.
        if first.properties.isEmojiPresentation { return 2 }
        // UAX #11: the blocks that are wide throughout.
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
            0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The text cut to so many columns, with "…" where something was left out.
    public static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var (kept, width) = ("", 0)
        for character in text {
            width += of(character)
            if width > columns - 1 { break }
            kept.append(character)
        }
        return kept + (columns > 0 ? "…" : "")
    }

    /// The text's words in lines of so many columns.
    ///
    /// - Parameter breaksWords: whether a word that is longer than a line is broken; else it is left whole, as one must be that is copied.
    public static func wrapped(_ text: String, to columns: Int, breaksWords: Bool = false) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var (line, width) = ("", 0)
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                let pieces = breaksWords ? broken(word, to: columns) : [word]
                let first = of(pieces[0])
                if width > 0, width + 1 + first > columns {
                    lines.append(line)
                    (line, width) = (String(pieces[0]), first)
                } else {
                    line += width == 0 && line.isEmpty ? String(pieces[0]) : " \(pieces[0])"
                    width = of(line)
                }
                for piece in pieces.dropFirst() {
                    lines.append(line)
                    (line, width) = (String(piece), of(piece))
                }
            }
            lines.append(line)
        }
        return lines
    }

    /// A word in pieces that each fit; a character that is wider than a line is a piece of its own.
    private static func broken(_ word: Substring, to columns: Int) -> [Substring] {
        var pieces: [Substring] = []
        var (start, width) = (word.startIndex, 0)
        for index in word.indices {
            let next = of(word[index])
            if width + next > columns, index > start {
                pieces.append(word[start..<index])
                (start, width) = (index, 0)
            }
            width += next
        }
        return pieces + [word[start...]]
    }
}
