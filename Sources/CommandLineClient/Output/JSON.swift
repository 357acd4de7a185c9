// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A JSON value to be printed (RFC 8259), members in the order in which they were written down.
///
/// Not Foundation's encoder: its first use costs more than the rest of a command, and it sorts or shuffles members.
enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    case text(String)
    case list([JSON])
    case object([Member])

    struct Member: Equatable, Sendable {
        let name: String
        let value: JSON
    }

    /// A text; null where it is empty, which is how the bus says that there is none.
    static func optional(_ text: String) -> JSON { text.isEmpty ? .null : .text(text) }

    /// Seconds since 1970, UTC; null for 0, which is how the bus says that there is none.
    static func time(_ seconds: Int64) -> JSON { seconds == 0 ? .null : .number(seconds) }

    static func texts(_ texts: [String]) -> JSON { .list(texts.map { .text($0) }) }

    /// The value on one line.
    var line: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += String(value)
        case .text(let value): Self.write(value, to: &text)
        case .list(let values):
            text += "["
            for (place, value) in values.enumerated() {
                if place > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (place, member) in members.enumerated() {
                if place > 0 { text += "," }
                Self.write(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            // Control characters of both sets, so that no name from outside moves a terminal's cursor.
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0, value: $1) })
    }

    init(arrayLiteral elements: JSON...) { self = .list(elements) }

    init(stringLiteral value: String) { self = .text(value) }
}
