// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A system call that failed: which one, and the `errno` it left.
public struct SystemError: Error, Equatable, Hashable, CustomStringConvertible {
    /// The value of `errno`, for example `EMFILE`.
    public let code: Int32
    /// The C function that failed.
    public let call: String

    public init(code: Int32, call: String) {
        self.code = code
        self.call = call
    }

    /// The error of the call that has just failed on this thread.
    public static func last(_ call: String) -> SystemError {
        SystemError(code: errno, call: call)
    }

    /// Returns the result of a call that answers -1 on failure, or throws what `errno` says.
    @discardableResult
    public static func check<Number: SignedInteger>(
        _ result: Number, _ call: @autoclosure () -> String
    ) throws(SystemError) -> Number {
        if result >= 0 { return result }
        let code = errno
        throw SystemError(code: code, call: call())
    }

    /// Equal by code: the same obstacle is handled in the same way, whichever call met it.
    public static func == (left: SystemError, right: SystemError) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }

    public var description: String {
        let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            // Not strerror: its buffer is shared by all threads.
            strerror_r(code, buffer.baseAddress!, buffer.count) == 0
                ? String(cString: buffer.baseAddress!) : "error \(code)"
        }
        return "\(call): \(reason)"
    }
}
