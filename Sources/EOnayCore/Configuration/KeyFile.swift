// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A file of groups and keys, as desktop programs write them: `[Group]`, `Key=value`, `#` before a comment.
///
/// Blanks around a key and a value do not count; nothing is escaped. Reading never fails: what is no such line is told
/// with its number, and passed over.
public struct KeyFile: Sendable, Equatable {
    /// One `Key=value`.
    public struct Entry: Sendable, Equatable {
        public let group: String
        public let key: String
        public let value: String
        /// Counted from 1.
        public let line: Int
    }

    /// One `[Group]`.
    public struct Group: Sendable, Equatable {
        public let name: String
        /// Counted from 1.
        public let line: Int
    }

    /// A line that says nothing.
    public struct Fault: Sendable, Equatable {
        public enum Kind: String, Sendable {
            case notUTF8 = "not UTF-8"
            case noKey = "neither a group nor a key with a value"
            case noGroup = "a key before the first group"
            case tooLong = "the file is too long, and the rest is not read"
        }

        public let line: Int
        public let kind: Kind
    }

    public private(set) var entries: [Entry] = []
    public private(set) var faults: [Fault] = []
    /// Each `[Group]` line in the order of the file.
    public private(set) var groups: [Group] = []

    /// The longest file that is read, in octets.
    public static let longest = 65_536

    /// Reads a file's contents.
    public init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var group: String?
        let text = bytes.prefix(Self.longest).dropFirst(bytes.starts(with: mark) ? mark.count : 0)
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (line, octets) in zip(1..., lines) {
            // The line on which a file is cut off is not read by half.
            if line == lines.count && bytes.count > Self.longest {
                faults.append(Fault(line: line, kind: .tooLong))
            } else if let text = String(validating: octets, as: UTF8.self) {
                read(Self.trimmed(text[...]), line: line, group: &group)
            } else {
                faults.append(Fault(line: line, kind: .notUTF8))
            }
        }
    }

    private mutating func read(_ text: Substring, line: Int, group: inout String?) {
        if text.isEmpty || text.first == "#" { return }
        if text.first == "[", text.last == "]" {
            let name = String(Self.trimmed(text.dropFirst().dropLast()))
            group = name
            groups.append(Group(name: name, line: line))
            return
        }
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            faults.append(Fault(line: line, kind: .noKey))
            return
        }
        guard let group else {
            faults.append(Fault(line: line, kind: .noGroup))
            return
        }
        let key = String(Self.trimmed(text[..<equals]))
        let value = String(Self.trimmed(text[text.index(after: equals)...]))
        entries.append(Entry(group: group, key: key, value: value, line: line))
    }

    /// The text without the blanks at its ends.
    static func trimmed(_ text: Substring) -> Substring {
        let blanks: [Character] = [" ", "\t", "\r"]
        let start = text.drop { blanks.contains($0) }
        let end = start.lastIndex { !blanks.contains($0) }
        return end.map { start[...$0] } ?? ""
    }
}
