// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Glibc
import Texts

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
