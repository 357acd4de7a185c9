// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import Glibc
import Texts

/// The terminal on which `eonay-token` asks for the PIN, and its modes as they were, to be put back whatever happens.
///
/// The job turns the echo off. It puts the modes back itself, unless it is killed in the middle: then we do. While it reads, this
/// program cannot be suspended: the shell and the job would both read what is typed next.
final class TerminalLoan: Sendable {
    /// The terminal, to be passed on.
    let handle: FileDescriptorHandle
    private let former: termios

    /// Opens the terminal that the program was started from; nil where there is none.
    init?() {
        let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        handle = FileDescriptorHandle(owning: descriptor)
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else { return nil }
        former = modes
    }

    /// Puts the modes back, if they are not as they were; then a line was being typed, and a new one is begun.
    func restore() {
        var (now, former) = (termios(), former)
        guard tcgetattr(handle.rawValue, &now) == 0, !Self.areEqual(now, former) else { return }
        // A terminal stops a program that changes it from the background, unless that signal is blocked.
        var (mask, before) = (sigset_t(), sigset_t())
        sigemptyset(&mask)
        sigaddset(&mask, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &mask, &before)
        // Flushed: half a PIN must not become the shell's next command.
        while tcsetattr(handle.rawValue, TCSAFLUSH, &former) != 0, errno == EINTR {}
        _ = write(handle.rawValue, "\n", 1)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    private static func areEqual(_ left: termios, _ right: termios) -> Bool {
        left.c_iflag == right.c_iflag && left.c_oflag == right.c_oflag && left.c_cflag == right.c_cflag
            && left.c_lflag == right.c_lflag
    }
}

/// Reads the T.C. Kimlik No that the card must bear.
///
/// Not an option's value: every user of the computer can read the arguments of every program, and shells keep them in a file. On
/// a terminal it is asked for, and not shown; else it is the first line of standard input.
enum IdentityPrompt {
    /// Throws `InvalidIdentity`, and `Cancelled` at the end of input. Blocks; the terminal's modes come back.
    static func read(_ texts: Texts) throws(Failure) -> NationalIdentity {
        let loan = isatty(STDIN_FILENO) == 1 ? TerminalLoan() : nil
        if let loan {
            Self.hideEntry(loan.handle.rawValue)
            Stream.error.write(texts.text("T.C. Kimlik No (not shown): "))
        }
        let line = Self.line()
        loan?.restore()
        guard let line else { throw Failure(.cancelled) }
        do throws(InvalidIdentity) {
            return try NationalIdentity(typed: line)
        } catch {
            throw Failure(.invalidIdentity)
        }
    }

    private static func hideEntry(_ terminal: Int32) {
        var modes = termios()
        guard tcgetattr(terminal, &modes) == 0 else { return }
        modes.c_lflag &= ~tcflag_t(ECHO)
        // Ctrl-C would leave the terminal so; as a character it ends the line below.
        modes.c_lflag &= ~tcflag_t(ISIG)
        tcsetattr(terminal, TCSAFLUSH, &modes)
    }

    /// The characters up to the end of the line; nil at the end of input without one, and for Ctrl-C.
    private static func line() -> String? {
        var bytes: [UInt8] = []
        var octet: UInt8 = 0
        while bytes.count < 64 {
            let count = Glibc.read(STDIN_FILENO, &octet, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { break }
            if octet == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            if octet < 0x20 { return nil }
            bytes.append(octet)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
