// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import Glibc

/// An open file descriptor with one owner, closed with it.
public struct Descriptor: ~Copyable, Sendable {
    public let number: Int32

    public init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Hands the descriptor to another owner, which closes it.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// The two ends of a new pipe; the caller closes them.
    public static func pipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check(cspawn_pipe(&ends), "pipe2")
        return (ends[0], ends[1])
    }

    /// The two ends of a new connection within this computer; the caller closes them.
    public static func socketPair() throws(SystemError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try SystemError.check(socketpair(AF_UNIX, kind, 0, &ends), "socketpair")
        return (ends[0], ends[1])
    }
}
