// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One of the two standard outputs.
struct Stream: Sendable {
    let descriptor: Int32
    let isTerminal: Bool
    let hasColour: Bool

    static let output = Stream(descriptor: STDOUT_FILENO)
    static let error = Stream(descriptor: STDERR_FILENO)

    /// Colour is for terminals that know it, unless NO_COLOR is set (no-color.org).
    init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        hasColour = isTerminal && Surroundings.value("NO_COLOR") == nil && Surroundings.value("TERM") != "dumb"
    }

    /// How many columns there are; nil where nobody looks at columns. Asked anew each time: a window can be resized.
    var width: Int? {
        guard isTerminal else { return nil }
        if let columns = Surroundings.value("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes all of it. A reader that has gone (`eonay history | head`) ends the program as it ends any filter: by SIGPIPE, silently.
    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if errno == EPIPE, descriptor == STDOUT_FILENO {
                endByBrokenPipe()
            } else if errno != EINTR {
                return  // a full disk or a lost terminal: there is no place left to tell it
            }
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
