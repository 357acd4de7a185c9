// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Texts

/// How a command speaks: in which language, as text or JSON, how wide, in which colours.
struct Console: Sendable {
    let texts: Texts
    let isJSON: Bool
    let output: Stream
    /// Where progress and errors go; never results.
    let error: Stream

    init(asJSON: Bool) {
        texts = Surroundings.texts()
        isJSON = asJSON
        output = .output
        error = .error
    }

    /// The present second, UTC.
    static var now: Int64 { Int64(time(nil)) }

    func print(_ line: String = "") { output.write(line + "\n") }

    func print(_ cell: Cell) { print(cell.shown(inColour: output.hasColour)) }

    func print(_ json: JSON) { print(json.line) }

    func print(_ table: Table) { print(table.lines(width: output.width, inColour: output.hasColour)) }

    func print(_ details: Details) { print(details.lines(width: output.width, inColour: output.hasColour)) }

    /// A sentence, in as many lines as it needs.
    func print(sentence: String) {
        print(output.width.map { DisplayWidth.wrapped(sentence, to: $0) } ?? [sentence])
    }

    private func print(_ lines: [String]) {
        output.write(lines.map { $0 + "\n" }.joined())
    }

    /// Says why it did not work, and what to do: on standard error, or with --json as an object on standard output.
    func tell(_ failure: Failure) {
        let (what, remedy) = failure.explained(texts)
        if isJSON { return print(["error": failure.json(texts)]) }
        let head = "eonay: "
        // Where the sentence itself does not name it.
        let named = failure.subject.isEmpty || what.contains(Cell.showable(failure.subject))
        let subject = named ? "" : " (\(Cell.showable(failure.subject)))"
        let indent = String(repeating: " ", count: head.count)
        let room = error.width.map { max(20, $0 - head.count) } ?? .max
        var lines = DisplayWidth.wrapped(what + subject, to: room)
        if !remedy.isEmpty { lines += DisplayWidth.wrapped(remedy, to: room) }
        lines[0] = Cell(head, .bad).shown(inColour: error.hasColour) + lines[0]
        for index in lines.indices.dropFirst() { lines[index] = indent + lines[index] }
        error.write(lines.joined(separator: "\n") + "\n")
    }
}

extension Failure {
    /// The documented form of an error.
    func json(_ texts: Texts) -> JSON {
        let (what, remedy) = explained(texts)
        return [
            "name": .text(name), "status": .number(Int64(status.rawValue)), "message": .text(what),
            "remedy": .text(remedy),
            "detail": .optional(detail),
        ]
    }
}
