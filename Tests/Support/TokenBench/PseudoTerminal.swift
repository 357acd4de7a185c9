// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CLinux
import Foundation
import Glibc

/// A terminal without a screen: what a program writes to `slave` is read from here, what is typed here it reads.
public final class PseudoTerminal: @unchecked Sendable {  // two descriptors that never change; the kernel does the rest
    public let master: Int32
    public let slave: Int32
    public let path: String

    public init(columns: UInt16 = 80) throws {
        var master: Int32 = -1
        var slave: Int32 = -1
        var name = [CChar](repeating: 0, count: 128)
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&master, &slave, &name, nil, &size) == 0 else { throw Tool.Failure("openpty") }
        for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        (self.master, self.slave) = (master, slave)
        path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        close(master)
        close(slave)
    }

    public func type(_ text: String) {
        _ = text.utf8CString.withUnsafeBufferPointer { write(master, $0.baseAddress, $0.count - 1) }
    }

    /// Everything written so far, once it contains the text. Throws where that does not happen in time.
    public func waitFor(_ text: String, within milliseconds: Int32 = 10_000) throws -> String {
        var seen: [UInt8] = []
        while true {
            let shown = String(decoding: seen, as: UTF8.self)
            if shown.contains(text) { return shown }
            var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, milliseconds) > 0 else {
                throw Tool.Failure("not on the terminal: \(text); there is: \(shown)")
            }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(master, &bytes, bytes.count)
            guard count > 0 else { throw Tool.Failure("the terminal was closed") }
            seen += bytes.prefix(count)
        }
    }

    /// Its modes, to be compared.
    public var localFlags: UInt32 {
        var modes = termios()
        tcgetattr(slave, &modes)
        return modes.c_lflag
    }
}
