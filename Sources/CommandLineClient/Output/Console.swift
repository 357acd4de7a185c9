// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import PortalContract
import SystemBasics
import Texts

/// A command's output: its language, text or JSON, width and colours.
struct Console: Sendable {
    let texts: Texts
    let isJSON: Bool
    /// Whether only what was asked for is printed: no progress, no advice, no word of success.
    let isQuiet: Bool
    let output: Stream
    /// For progress and errors; never for results.
    let error: Stream
    private let usesPager: Bool
    private var pages: Pages?

    init(asJSON: Bool, isQuiet: Bool = false, usesPager: Bool = false) {
        texts = Surroundings.texts()
        isJSON = asJSON
        self.isQuiet = isQuiet
        self.usesPager = usesPager
        output = .output
        error = .error
    }

    /// The present second, UTC.
    static var now: Int64 { Int64(time(nil)) }

    /// Runs the work of a list, and shows what it prints: on a terminal that it does not fit, by the person's pager.
    func paged(_ work: (Console) throws -> Void) rethrows {
        guard usesPager, !isJSON, output.isTerminal, let pager = Pager.chosen else { return try work(self) }
        let pages = Pages()
        defer { pages.show(by: pager, on: output) }
        var console = self
        console.pages = pages
        try work(console)
    }

    private func write(_ text: String) {
        if let pages { pages.add(text) } else { output.write(text) }
    }

    func print(_ line: String = "") { write(line + "\n") }

    func print(_ cell: Cell) { print(cell.shown(inColour: output.hasColour)) }

    func print(_ json: JSON) { print(json.line) }

    func print(_ table: Table) { print(table.lines(width: output.width, inColour: output.hasColour)) }

    func print(_ details: Details) { print(details.lines(width: output.width, inColour: output.hasColour)) }

    /// Help is folded also where it goes elsewhere: it is for people to read.
    func print(_ help: HelpPage) { print(help.lines(width: output.width ?? Stream.chosenWidth ?? 80)) }

    /// One after the other, with an empty line in between.
    func print(_ list: [Details]) {
        for (place, details) in list.enumerated() {
            if place > 0 { print() }
            print(details)
        }
    }

    /// A sentence, in as many lines as it needs.
    func print(sentence: String) {
        print(output.width.map { DisplayWidth.wrapped(sentence, to: $0) } ?? [sentence])
    }

    /// A sentence that nobody has asked for: advice, or a word of success.
    func note(_ sentence: String) {
        if !isQuiet { print(sentence: sentence) }
    }

    private func print(_ lines: [String]) {
        write(lines.map { $0 + "\n" }.joined())
    }

    /// Why it did not work, and what to do: on standard error, or with --json as an object on standard output.
    func print(_ failure: Failure) {
        let text = failure.explained(texts)
        if isJSON { return print(["error": failure.json(texts)]) }
        let head = "eonay: "
        // Named here where the sentence itself does not name it.
        let named = failure.subject.isEmpty || text.what.contains(ShowableText.line(failure.subject))
        let subject = named ? "" : " (\(ShowableText.line(failure.subject)))"
        let indent = String(repeating: " ", count: head.count)
        let room = error.width.map { max(20, $0 - head.count) } ?? .max
        var lines = DisplayWidth.wrapped(text.what + subject, to: room)
        if !text.remedy.isEmpty { lines += DisplayWidth.wrapped(text.remedy, to: room) }
        lines[0] = Cell(head, .bad).shown(inColour: error.hasColour) + lines[0]
        for index in lines.indices.dropFirst() { lines[index] = indent + lines[index] }
        error.write(lines.joined(separator: "\n") + "\n")
    }
}

/// One of the two standard outputs.
struct Stream: Sendable {
    let descriptor: Int32
    let isTerminal: Bool
    let hasColour: Bool

    static let output = Stream(descriptor: STDOUT_FILENO)
    static let error = Stream(descriptor: STDERR_FILENO)

    /// Whether a person can type.
    static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Colour is for terminals that know it, unless NO_COLOR is set (no-color.org).
    init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        hasColour = isTerminal && Surroundings.value("NO_COLOR") == nil && Surroundings.value("TERM") != "dumb"
    }

    /// The number of columns; nil where it is no terminal. Read anew each time: a window can be resized.
    var width: Int? {
        guard isTerminal else { return nil }
        if let chosen = Self.chosenWidth { return chosen }
        return TerminalSize(of: descriptor).columns ?? 80
    }

    /// The person's own word.
    static var chosenWidth: Int? { Surroundings.value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

    /// The number of lines of a terminal.
    var height: Int {
        if let lines = Surroundings.value("LINES").flatMap({ Int($0) }), lines > 0 { return lines }
        return TerminalSize(of: descriptor).lines ?? 24
    }

    /// Writes all of it. A reader that has gone (`eonay history | head`) ends the program as it ends any filter: by SIGPIPE, silently.
    func write(_ text: String) {
        do {
            try Files.write(Array(text.utf8), to: descriptor)
        } catch {
            if error.code == EPIPE, descriptor == STDOUT_FILENO { endByBrokenPipe() }
            // A full disk or a lost terminal: there is no place left to report it.
        }
    }

    /// libdbus has SIGPIPE ignored; a filter's parent expects to see it.
    private func endByBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGPIPE)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(SIGPIPE)
        exit(128 + SIGPIPE)
    }
}
