// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Rows under headings, as wide as they need to be, or as the terminal allows.
///
/// Too narrow a terminal first shortens the columns that may be shortened; where that does not help, each row becomes a block
/// of lines, heading and value.
struct Table {
    struct Column {
        let title: String
        /// May be cut to this width; nil: never.
        let least: Int?
        let isNumber: Bool

        init(_ title: String, least: Int? = nil, isNumber: Bool = false) {
            (self.title, self.least, self.isNumber) = (title, least, isNumber)
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

    /// - Parameter width: of the terminal; nil: none, so nothing is cut.
    func lines(width: Int?, inColour: Bool) -> [String] {
        guard let widths = widths(within: width) else {
            return Array(rows.map { block($0, inColour, width) }.joined(separator: [""]))
        }
        let head = columns.map { Cell($0.title, .strong) }
        return ([head] + rows).map { line($0, widths, inColour) }
    }

    private static let gap = 2

    /// Nil where the columns do not fit however they are shortened.
    private func widths(within limit: Int?) -> [Int]? {
        var widths = columns.indices.map { index in
            ([Cell(columns[index].title).width] + rows.map { $0[index].width }).max() ?? 0
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - limit
        while excess > 0 {
            // The column that has most to spare gives one.
            let spare = columns.indices.map { index in columns[index].least.map { widths[index] - $0 } ?? 0 }
            guard let widest = spare.indices.max(by: { spare[$0] < spare[$1] }), spare[widest] > 0 else { return nil }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ inColour: Bool) -> String {
        var text = ""
        let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
        for (index, cell) in cells[...last].enumerated() {
            let shown = cell.shown(inColour: inColour, cutTo: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.width))
            let isLast = index == last
            text += columns[index].isNumber ? padding + shown : shown + (isLast ? "" : padding)
            if !isLast { text += String(repeating: " ", count: Self.gap) }
        }
        return text
    }

    private func block(_ cells: [Cell], _ inColour: Bool, _ width: Int?) -> [String] {
        Details(zip(columns, cells).map { ($0.title, $1) }).lines(width: width, inColour: inColour)
    }
}
