// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Both, as the structure's owner is the module whose header comes to it first: <sys/epoll.h> does from glibc 2.38 on.
internal import CLinux
internal import Glibc

/// The width of a terminal's window.
public enum TerminalWidth {
    /// The number of columns of the terminal at this descriptor; nil where it does not say. It changes with the window.
    public static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
