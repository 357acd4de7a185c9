// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

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
