// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
}
