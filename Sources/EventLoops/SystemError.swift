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
    static func last(_ call: String) -> SystemError {
        SystemError(code: errno, call: call)
    }

    /// Gives back the result of a call that answers -1 on failure, or throws what `errno` says.
    @discardableResult
    static func check(_ result: Int32, _ call: String) throws(SystemError) -> Int32 {
        guard result >= 0 else { throw last(call) }
        return result
    }

    /// Equal by code: which of two calls met the same obstacle does not matter to who handles it.
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
