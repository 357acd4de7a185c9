// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The operating system refused: which call, and its error number.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    public let code: Int32
    public let call: String

    public static func == (left: SystemError, right: SystemError) -> Bool { left.code == right.code }

    public var description: String { "\(call): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")" }

    init(code: Int32, call: String) {
        self.code = code
        self.call = call
    }

    /// Passes a result on that is not negative; reads `errno` at once otherwise.
    static func check(_ result: Int32, _ call: String) throws -> Int32 {
        guard result >= 0 else { throw SystemError(code: errno, call: call) }
        return result
    }
}
