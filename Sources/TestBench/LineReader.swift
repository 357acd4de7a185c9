// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Cuts what comes through a descriptor into lines.
struct LineReader {
    let descriptor: Int32
    let stream: ChildProcess.Line.Stream
    private var partial: [UInt8] = []

    init(_ descriptor: Int32, _ stream: ChildProcess.Line.Stream) {
        self.descriptor = descriptor
        self.stream = stream
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// The bytes at hand; nil where there are none now, or no more.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    mutating func split(_ bytes: [UInt8]) -> [ChildProcess.Line] {
        partial += bytes
        var pieces = partial.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        partial = Array(pieces.removeLast())
        return pieces.map { ChildProcess.Line(stream: stream, text: String(decoding: $0, as: UTF8.self)) }
    }

    /// A last line without its end.
    mutating func rest() -> ChildProcess.Line? {
        defer { partial = [] }
        guard !partial.isEmpty else { return nil }
        return ChildProcess.Line(stream: stream, text: String(decoding: partial, as: UTF8.self))
    }
}
