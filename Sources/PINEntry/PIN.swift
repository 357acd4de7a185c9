// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A PIN: bytes that cannot be copied, printed or kept, and that are wiped when their owner lets them go.
public struct PIN: ~Copyable {
    private var bytes = LockedBytes()

    init() {}

    /// How many bytes it has.
    public var count: Int { bytes.count }

    /// Lends the bytes for the time of the call; a `Span` cannot outlive it.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withBytes(body)
    }

    /// Adds a byte; false where it cannot be part of any PIN any more.
    mutating func append(_ byte: UInt8) -> Bool { bytes.append(byte) }

    /// Takes the last byte away if it is this one.
    mutating func dropLast(_ byte: UInt8) {
        if bytes.count > 0, bytes[bytes.count - 1] == byte { bytes.removeLast() }
    }
}
