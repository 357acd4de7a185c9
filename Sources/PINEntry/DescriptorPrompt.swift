// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Takes PINs from a descriptor that a program handed over: one line for each entry. Its end is no part of the PIN, be it LF, CR LF
/// as other systems write it, a lone CR before the end of input, or nothing there.
public struct DescriptorPrompt: PINSource {
    private let descriptor: Int32

    /// - Parameter descriptor: a pipe, socket or file; it stays the caller's.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// Reads one line; nothing is shown, since nobody may be there. A missing line is `unavailable`.
    public func ask(_ text: PromptText, until waiter: Waiter) throws(PromptError) -> PIN {
        var pin = PIN()
        var octet = LockedBytes()
        while true {
            try waiter.waitUntilReadable(descriptor)
            // Octet by octet: what follows the LF belongs to the next entry.
            octet.removeFirst(octet.count)
            let count = octet.read(from: descriptor, atMost: 1)
            if count < 0 {
                guard errno == EINTR || errno == EAGAIN else { throw .unavailable("read") }
            } else if count == 0 {
                guard pin.count > 0 else { throw .unavailable("no line") }
                pin.dropLast(UInt8(ascii: "\r"))
                return pin
            } else if octet[0] == UInt8(ascii: "\n") {
                pin.dropLast(UInt8(ascii: "\r"))
                return pin
            } else if !pin.append(octet[0]) {
                throw .tooLong
            }
        }
    }

    /// Nobody can read the text here, so nobody can agree to it.
    public func confirm(_ text: PromptText, until waiter: Waiter) throws(PromptError) {
        throw .unavailable("a descriptor cannot confirm")
    }
}
