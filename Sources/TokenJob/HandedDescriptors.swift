// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The descriptors that the parent passed besides the conversation (JobFrames, `PrepareRequest`).
///
/// They are looked up once, before any module is loaded: later the same numbers may be a module's own files.
struct HandedDescriptors {
    /// PINs, one a line.
    let pin: Int32?
    /// The caller's terminal.
    let terminal: Int32?

    /// Finds the open ones, and keeps them from programs that are started here.
    init() {
        pin = Self.taken(4)
        terminal = Self.taken(5)
    }

    private static func taken(_ descriptor: Int32) -> Int32? {
        fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 ? descriptor : nil
    }
}
