// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How the values of a configuration are written. Each gives nil for a text that is none.
enum ConfigurationValue {
    /// `true` or `false`.
    static func flag(_ text: String) -> Bool? { Bool(text) }

    /// A decimal number without sign.
    static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    /// Items with `;` between them; blanks around an item and a `;` at the end do not count.
    static func list<Item>(_ text: String, of item: (String) -> Item?) -> [Item]? {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false).map(KeyFile.trimmed)
        if parts.last?.isEmpty == true { parts.removeLast() }
        let items = parts.compactMap { item(String($0)) }
        return items.count == parts.count ? items : nil
    }

    /// An absolute path.
    static func path(_ text: String) -> String? {
        text.hasPrefix("/") && text.utf8.count < 4096 && !text.utf8.contains(0) ? text : nil
    }

    /// `tr_TR.UTF-8`, `C`, `en_US@currency`.
    static func locale(_ text: String) -> String? { word(text, with: "_-.@") }

    /// `Europe/Istanbul`: a name in the zone database, not a path that leaves it; no zone's name has a dot.
    static func zone(_ text: String) -> String? {
        text.hasPrefix("/") ? nil : word(text, with: "/_-+")
    }

    /// An https address in visible ASCII: it is handed to the desktop to be opened.
    static func page(_ text: String) -> String? {
        text.hasPrefix("https://") && (9...2048).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    }

    private static func word(_ text: String, with others: String) -> String? {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { octet in
                (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                    || others.utf8.contains(octet)
            } ? text : nil
    }
}
