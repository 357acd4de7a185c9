// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

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
