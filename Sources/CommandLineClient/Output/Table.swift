// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Texts

/// Rows under headings, as wide as they need to be, or as the terminal allows.
///
/// In too narrow a terminal, what has to stay in one piece to be copied goes into a line of its own below its row; then columns that only
/// remind of something are cut, and others wrap; where that does not help, each row becomes a block of lines, heading and value.
struct Table {
    struct Column {
        let title: String
        /// May be cut to this width, since the whole text stands elsewhere and this one only reminds of it; nil: never.
        let least: Int?
        /// May be narrowed to this width by wrapping; nil: never.
        let wrapsTo: Int?
        /// May go below its row.
        let isApart: Bool

        init(_ title: String, least: Int? = nil, wrapsTo: Int? = nil, isApart: Bool = false) {
            (self.title, self.least, self.wrapsTo, self.isApart) = (title, least, wrapsTo, isApart)
        }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ cells: [Cell]) {
        rows.append(cells)
    }

    /// - Parameter width: of the terminal; nil: none, so each row is one line.
    func lines(width: Int?, inColour: Bool) -> [String] {
        let all = Array(columns.indices)
        let beside = all.filter { !columns[$0].isApart }
        let whole = widths(of: all, within: nil) ?? []
        let fits = width.map { whole.reduce(0, +) + Self.gap * (all.count - 1) <= $0 } ?? true
        let shown = fits ? all : beside
        if let widths = widths(of: shown, within: width) { return lines(shown, widths, inColour, width) }
        return Array(rows.map { block($0, inColour, width) }.joined(separator: [""]))
    }

    private func lines(_ shown: [Int], _ widths: [Int], _ inColour: Bool, _ width: Int?) -> [String] {
        let apart = columns.indices.filter { !shown.contains($0) }
        let head = columns.map { Cell($0.title, .strong) }
        return lines(head, shown, widths, inColour)
            + rows.flatMap { row in
                let below = Details(apart.map { (columns[$0].title, row[$0]) })
                return lines(row, shown, widths, inColour)
                    + below.lines(width: width.map { $0 - Self.gap }, inColour: inColour).map {
                        String(repeating: " ", count: Self.gap) + $0
                    }
            }
    }

    private static let gap = 2

    /// Nil where the columns do not fit however they are narrowed.
    private func widths(of shown: [Int], within limit: Int?) -> [Int]? {
        let columns = shown.map { self.columns[$0] }
        let rows = self.rows.map { row in shown.map { row[$0] } }
        var widths = columns.indices.map { index in
            ([Cell(columns[index].title).width] + rows.map { $0[index].width }).max() ?? 0
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - limit
        while excess > 0 {
            // The column that has most to spare gives one; columns that would have to wrap come last.
            let cuttable = columns.indices.map { index in columns[index].least.map { widths[index] - $0 } ?? 0 }
            let wrappable = columns.indices.map { index in columns[index].wrapsTo.map { widths[index] - $0 } ?? 0 }
            let spare = cuttable.contains { $0 > 0 } ? cuttable : wrappable
            guard let widest = spare.indices.max(by: { spare[$0] < spare[$1] }), spare[widest] > 0 else { return nil }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    /// A row in as many lines as its highest cell needs.
    private func lines(_ row: [Cell], _ shown: [Int], _ widths: [Int], _ inColour: Bool) -> [String] {
        let wrapped = zip(shown, widths).map { (index, width) -> [Cell] in
            let text = row[index].text
            let lines =
                columns[index].least == nil
                ? DisplayWidth.wrapped(text, to: width, breaksWords: true) : [DisplayWidth.cut(text, to: width)]
            return lines.map { Cell($0, row[index].style) }
        }
        return (0..<(wrapped.map(\.count).max() ?? 0)).map { height in
            line(wrapped.map { $0.indices.contains(height) ? $0[height] : "" }, widths, inColour)
        }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ inColour: Bool) -> String {
        var text = ""
        let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
        for (place, cell) in cells[...last].enumerated() {
            text += cell.shown(inColour: inColour)
            if place < last {
                text += String(repeating: " ", count: max(0, widths[place] - cell.width) + Self.gap)
            }
        }
        return text
    }

    private func block(_ cells: [Cell], _ inColour: Bool, _ width: Int?) -> [String] {
        Details(zip(columns, cells).map { ($0.title, $1) }).lines(width: width, inColour: inColour)
    }
}

/// Names and values of one thing, a line or more each, values under each other.
struct Details {
    private let entries: [(name: String, value: Cell)]

    /// Entries with an empty value are left out.
    init(_ entries: [(String, Cell)]) {
        self.entries = entries.filter { !$0.1.text.isEmpty }.map { (name: $0.0, value: $0.1) }
    }

    func lines(width: Int?, inColour: Bool) -> [String] {
        let margin = (entries.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
        // A terminal of so few columns shows nothing side by side.
        let isNarrow = width.map { $0 < margin + 16 } ?? false
        let room = width.map { isNarrow ? $0 - 2 : $0 - margin } ?? .max
        var lines: [String] = []
        for (name, value) in entries {
            let label = Cell(name, .strong).shown(inColour: inColour)
            let padding = String(repeating: " ", count: max(0, margin - DisplayWidth.of(name)))
            let parts = DisplayWidth.wrapped(value.text, to: room).map {
                Cell($0, value.style).shown(inColour: inColour)
            }
            if isNarrow {
                lines += [label] + parts.map { "  \($0)" }
            } else {
                lines.append(label + padding + (parts.first ?? ""))
                lines += parts.dropFirst().map { String(repeating: " ", count: margin) + $0 }
            }
        }
        return lines
    }
}

/// A piece of text and what it means to the eye.
struct Cell: Equatable, Sendable, ExpressibleByStringInterpolation {
    enum Style: Sendable {
        case plain, strong, faint, good, warning, bad

        /// The terminal's code (ECMA-48, SGR); the sixteen colours of the person's own palette.
        fileprivate var code: String {
            switch self {
            case .plain: ""
            case .strong: "1"
            case .faint: "2"
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            }
        }
    }

    let text: String
    let style: Style

    /// Names from outside are made showable: what cannot be seen, or moves the cursor, becomes U+FFFD.
    init(_ text: String, _ style: Style = .plain, keepsLines: Bool = false) {
        self.text = keepsLines ? ShowableText.lines(text) : ShowableText.line(text)
        self.style = style
    }

    init(stringLiteral value: String) { self.init(value) }

    var width: Int { DisplayWidth.of(text) }

    /// The text as the stream wants it.
    func shown(inColour: Bool) -> String {
        guard inColour, style != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(style.code)m\(text)\u{1B}[0m"
    }
}

/// Ids of certificates, cut as short as they stay different: eight digits, or more where two begin alike.
///
/// A short id can be given to a command as it stands: the service accepts eight digits or more.
struct ShortIDs {
    private let length: Int

    init(_ ids: [String]) {
        let distinct = Set(ids)
        length = (8...64).first { length in Set(distinct.map { $0.prefix(length) }).count == distinct.count } ?? 64
    }

    func short(_ id: String) -> String { String(id.prefix(length)) }
}
