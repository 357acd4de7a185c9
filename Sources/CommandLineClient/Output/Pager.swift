// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import SystemBasics

/// The program that shows what is longer than the terminal, chosen and called as git does it.
struct Pager {
    /// For the shell, such as `less -S`.
    let command: String

    /// The first of EONAY_PAGER and PAGER that is set, else Debian's pager or less; nil where that is empty or `cat`, there is none, or
    /// the terminal can do nothing but scroll.
    static var chosen: Pager? {
        guard Surroundings.value("TERM") ?? "dumb" != "dumb" else { return nil }
        let named = (getenv("EONAY_PAGER") ?? getenv("PAGER")).map { String(cString: $0) }
        let command = named ?? ["pager", "less"].first { Files.program($0) != nil }
        guard let command, !command.isEmpty, command != "cat" else { return nil }
        return Pager(command: command)
    }

    /// Shows a text on a terminal, and returns when the person has seen enough. False where the pager could not be started; then nothing
    /// has been shown.
    func show(_ text: String, on stream: Stream) -> Bool {
        guard let pipe = try? Descriptor.pipe() else { return false }
        // As git does, less is told to end by itself, to keep colours and to leave the screen as it is, unless these are set.
        let usual = [("LESS", "FRX"), ("LV", "-c")].filter { getenv($0.0) == nil }.map { "\($0.0)=\($0.1)" }
        let start = ProcessStart(
            "/bin/sh", ["-c", command], environment: ProcessStart.ownEnvironment + usual,
            descriptors: [0: pipe.reading, 1: stream.descriptor, 2: STDERR_FILENO], group: .shared)
        // Ctrl-C is for the pager as long as it has the terminal, and one that is left early is no error.
        let taken = [SIGINT, SIGQUIT, SIGPIPE]
        let before = taken.map { signal($0, SIG_IGN) }
        defer { for (number, handler) in zip(taken, before) { signal(number, handler) } }
        let pager = try? start()
        close(pipe.reading)
        // A pager that has ended, or was never there, has closed the other end.
        try? Files.write(Array(text.utf8), to: pipe.writing)
        close(pipe.writing)
        guard let pager else { return false }
        close(pager.descriptor)
        // 126 and 127 are the shell's words for a command that it could not start.
        let status = pager.reap().map { $0 >> 8 & 0xFF }
        return status != 126 && status != 127
    }
}

/// The output of a list, kept until it is whole.
final class Pages: Sendable {
    private let text = Mutex("")

    func add(_ more: String) { text.withLock { $0 += more } }

    /// Shows it: by the pager where it is longer than the terminal, else as it is.
    func show(by pager: Pager, on stream: Stream) {
        let text = text.withLock { $0 }
        let isLong = text.utf8.count { $0 == UInt8(ascii: "\n") } >= stream.height
        if !isLong || !pager.show(text, on: stream) { stream.write(text) }
    }
}
