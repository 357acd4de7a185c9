// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Both, as the structure's owner is the module whose header comes to it first: <sys/epoll.h> does from glibc 2.38 on.
internal import CLinux
internal import Glibc

/// The size of a terminal's window.
public struct TerminalSize: Sendable {
    /// The number of columns and of lines; nil where the terminal does not say.
    public let columns, lines: Int?

    /// The size of the terminal at this descriptor, as it is now: it changes with the window.
    public init(of descriptor: Int32) {
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        columns = isKnown && size.ws_col > 0 ? Int(size.ws_col) : nil
        lines = isKnown && size.ws_row > 0 ? Int(size.ws_row) : nil
    }
}
