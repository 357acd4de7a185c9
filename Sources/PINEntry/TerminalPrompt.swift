// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc
import SystemBasics
import Texts

/// Asks on a terminal that the caller handed over: shows the text there, reads a line with echo off, puts the modes back.
public struct TerminalPrompt: PINSource {
    private let terminal: Int32

    /// Nothing is shown yet.
    ///
    /// - Parameter terminal: open for reading and writing; it stays the caller's.
    ///
    /// Throws `unavailable` where nobody could answer there: it is no terminal, or one that was hung up; it can only be read or
    /// only be written; it is the master of a pseudo terminal, from which one would read what one has written oneself.
    public init(terminal: Int32) throws(PromptError) {
        guard isatty(terminal) == 1 else { throw .unavailable("no terminal") }
        guard cprocess_is_terminal_master(terminal) == 0 else { throw .unavailable("the master of a terminal") }
        guard fcntl(terminal, F_GETFL) & O_ACCMODE == O_RDWR else {
            throw .unavailable("a terminal that cannot be both read and written")
        }
        self.terminal = terminal
    }

    /// Reads one line; an empty one, and the end of input, are `cancelled`.
    public func ask(_ text: PromptText, until waiter: Waiter) throws(PromptError) -> PIN {
        guard let modes = TerminalModes(of: terminal), modes.hideEntry() else { throw .unavailable("no terminal") }
        defer { modes.restore() }
        try show(text, ending: text.prompt + ": ")
        defer { try? write("\n") }  // the person's own Enter was not echoed; a terminal that went needs none
        let pin = try line(until: waiter)
        guard pin.count > 0 else { throw .cancelled }
        return pin
    }

    /// Enter agrees; anything typed before it, and the end of input, do not.
    public func confirm(_ text: PromptText, until waiter: Waiter) throws(PromptError) {
        guard let modes = TerminalModes(of: terminal), modes.hideEntry() else { throw .unavailable("no terminal") }
        defer { modes.restore() }
        try show(text, ending: "[Enter] " + text.accept + ": ")
        defer { try? write("\n") }
        guard try line(until: waiter).count == 0 else { throw .cancelled }
    }

    private func show(_ text: PromptText, ending: String) throws(PromptError) {
        var paragraphs = ["", text.title, ""] + text.lines
        if !text.warning.isEmpty { paragraphs += ["", text.warning] }
        // A terminal itself breaks a line wherever its edge is, in the middle of a word of the declaration.
        let shown = (paragraphs + [""]).flatMap { DisplayWidth.wrapped($0, to: columns) }
        try write(shown.joined(separator: "\n") + "\n" + ending)
    }

    /// The width of the terminal; one that does not say is taken for a usual one.
    private var columns: Int { max(20, TerminalSize(of: terminal).columns ?? 80) }

    private func line(until waiter: Waiter) throws(PromptError) -> PIN {
        var pin = PIN()
        var octet = LockedBytes()
        while true {
            try waiter.waitUntilReadable(terminal)
            octet.removeFirst(octet.count)
            let count = octet.read(from: terminal, atMost: 1)
            if count == 0 {
                throw .cancelled
            } else if count < 0 {
                guard errno == EINTR || errno == EAGAIN else { throw .cancelled }
            } else if octet[0] == UInt8(ascii: "\n") {
                return pin
            } else if !pin.append(octet[0]) {
                throw .tooLong
            }
        }
    }

    private func write(_ text: String) throws(PromptError) {
        do { try Files.write(Array(text.utf8), to: terminal) } catch { throw .cancelled }
    }
}

/// A terminal's modes, to be put back whatever happens. The caller's program does so as well, should we be killed.
struct TerminalModes {
    private let terminal: Terminal
    private var former = termios()

    /// A descriptor that is somebody's, or ours.
    private final class Terminal {
        let descriptor: Int32
        private let isOurs: Bool

        init(_ descriptor: Int32, isOurs: Bool) {
            self.descriptor = descriptor
            self.isOurs = isOurs
        }

        deinit { if isOurs { close(descriptor) } }
    }

    /// Remembers the modes; nil where this is no terminal.
    init?(of descriptor: Int32) {
        terminal = Terminal(descriptor, isOurs: false)
        guard tcgetattr(descriptor, &former) == 0 else { return nil }
    }

    /// Remembers the modes of the terminal with this name, for a program that may leave them changed.
    init?(ofTerminalAt path: String?) {
        guard let path else { return nil }
        let descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        terminal = Terminal(descriptor, isOurs: true)
        guard tcgetattr(descriptor, &former) == 0 else { return nil }
    }

    /// Puts them back.
    func restore() {
        var former = former
        // Flushed: what was typed after the last line was not meant for the shell.
        while tcsetattr(terminal.descriptor, TCSAFLUSH, &former) != 0, errno == EINTR {}
    }

    /// Line by line, nothing shown of what is typed, what was typed before thrown away. False where the terminal refuses.
    func hideEntry() -> Bool {
        var modes = former
        modes.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
        modes.c_lflag |= tcflag_t(ICANON | ISIG)
        modes.c_iflag |= tcflag_t(ICRNL)
        modes.c_oflag |= tcflag_t(OPOST | ONLCR)
        while tcsetattr(terminal.descriptor, TCSAFLUSH, &modes) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
