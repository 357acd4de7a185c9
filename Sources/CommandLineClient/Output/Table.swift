// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
        let isNumber: Bool
        /// May go below its row.
        let isApart: Bool

        init(
            _ title: String, least: Int? = nil, wrapsTo: Int? = nil, isNumber: Bool = false, isApart: Bool = false
        ) {
            (self.title, self.least, self.wrapsTo) = (title, least, wrapsTo)
            (self.isNumber, self.isApart) = (isNumber, isApart)
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
            // The column that has most to spare gives one; those that would have to wrap are asked last.
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
            line(wrapped.map { $0.indices.contains(height) ? $0[height] : "" }, shown, widths, inColour)
        }
    }

    private func line(_ cells: [Cell], _ shown: [Int], _ widths: [Int], _ inColour: Bool) -> String {
        var text = ""
        let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
        for (place, cell) in cells[...last].enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[place] - cell.width))
            let isLast = place == last
            text += columns[shown[place]].isNumber ? padding : ""
            text += cell.shown(inColour: inColour)
            if !isLast {
                text += (columns[shown[place]].isNumber ? "" : padding) + String(repeating: " ", count: Self.gap)
            }
        }
        return text
    }

    private func block(_ cells: [Cell], _ inColour: Bool, _ width: Int?) -> [String] {
        Details(zip(columns, cells).map { ($0.title, $1) }).lines(width: width, inColour: inColour)
    }
}
