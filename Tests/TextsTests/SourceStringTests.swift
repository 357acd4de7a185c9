// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(1)))
struct SourceStringTests {
    @Test func literalsOfCallsAreFound() throws {
        let code = """
            let a = texts.text("One %1", 3)
            let b = text(
                "Two " + "halves"
                    + " and \\"more\\"")
            // texts.text("never")
            let c = Texts.marked("Three")
            let d = texts.text("%1 card", plural: "%1 cards", count: 2)
            let e = sqlite3_column_text("no")
            let f = texts.text(chosen)
            """
        let found = try SourceString.strings(in: code, file: "X.swift")
        #expect(found.map(\.text) == ["One %1", "Two halves and \"more\"", "Three", "%1 card"])
        #expect(found.map(\.plural) == [nil, nil, nil, "%1 cards"])
        #expect(found.map(\.line) == [1, 2, 6, 7])
    }

    @Test(arguments: [
        #"text("a \(b)")"#, "text(\"\"\"\na\n\"\"\")", #"text("a" + b)"#, #"text("a", plural: b, count: 1)"#,
    ])
    func whatOnlyRunningWouldTellIsRefused(code: String) {
        #expect(throws: SourceString.Unreadable(file: "X.swift", line: 1)) {
            try SourceString.strings(in: code, file: "X.swift")
        }
    }
}
