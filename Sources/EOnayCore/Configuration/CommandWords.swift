// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Splits the value of a key that names a program into the program and its arguments.
///
/// There is no shell, so nothing is expanded. Blanks separate words. A double quote begins and ends a stretch in which blanks stand for
/// themselves. A backslash makes the next character stand for itself, in quotes or not.
enum CommandWords {
    static let mostWords = 64

    /// The words; nil where the first is no absolute path, a quote is open at the end, or there are too many words.
    static func words(_ text: String) -> [String]? {
        var (words, word) = ([String](), String?.none)
        var (isQuoted, isEscaped) = (false, false)
        for character in text.unicodeScalars {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if !isQuoted, character == " " || character == "\t" {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        guard !isQuoted, !isEscaped, words.count <= mostWords, !text.utf8.contains(0), let program = words.first,
            ConfigurationValue.path(program) != nil
        else { return nil }
        return words
    }
}
