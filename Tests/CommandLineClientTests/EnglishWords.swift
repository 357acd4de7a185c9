// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Finds English in a Turkish text, by the words that no English sentence of ours can do without and that Turkish does not have.
enum EnglishWords {
    private static let words: Set = [
        "the", "of", "is", "are", "for", "with", "and", "or", "this", "that", "which", "it", "its", "has", "was",
        "must", "see",
        "default", "options", "subcommand", "show", "print", "without", "missing", "there", "value", "arguments",
        "usage",
        "error", "detailed", "to", "by", "from", "your", "how", "what", "where", "certificate", "folder",
    ]

    /// Those that stand in the text as words of their own. Names of options, and what has a dot or a slash in it, are no words.
    static func found(in text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map { $0.trimmingPrefix { "(<[\"'“".contains($0) } }
            .filter { !$0.hasPrefix("-") }
            .map { word in word.prefix { $0.isLetter || "-./".contains($0) }.lowercased() }
            .filter { words.contains($0) }
    }
}
