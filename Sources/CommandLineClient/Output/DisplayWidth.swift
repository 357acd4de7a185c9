// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How many columns of a terminal a text takes.
///
/// Not wcwidth(3): it depends on the C locale, under which an "ş" may count as two, or as none.
enum DisplayWidth {
    static func of(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    /// One for a letter with all its marks, two for an ideograph or a picture, none for what only joins.
    static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // UAX #11: the blocks that are wide throughout.
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The text cut to so many columns, with "…" where something was left out.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var (kept, width) = ("", 0)
        for character in text {
            width += of(character)
            if width > columns - 1 { break }
            kept.append(character)
        }
        return kept + (columns > 0 ? "…" : "")
    }

    /// The text's words in lines of so many columns; a word that is longer than a line is left whole.
    static func wrapped(_ text: String, to columns: Int) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var (line, width) = ("", 0)
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                let wordWidth = of(word)
                if width > 0, width + 1 + wordWidth > columns {
                    lines.append(line)
                    (line, width) = (String(word), wordWidth)
                } else {
                    line += width == 0 && line.isEmpty ? String(word) : " \(word)"
                    width = of(line)
                }
            }
            lines.append(line)
        }
        return lines
    }
}
