// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// libcrypto refused: which call, and its own first reason.
public struct CryptoError: Error, Equatable, CustomStringConvertible {
    /// The call's name, such as "EVP_PKEY_sign".
    public let call: String
    /// libcrypto's packed code; 0 where it gave none.
    public let code: UInt
    /// libcrypto's words for the code.
    public let reason: String

    public var description: String { "\(call): \(reason)" }

    public static func == (left: CryptoError, right: CryptoError) -> Bool { left.code == right.code }

    /// Takes the error from this thread's queue, which must not have been left in between.
    init(call: String) {
        self.call = call
        code = UInt(ERR_get_error())
        reason =
            code == 0 ? "no reason given" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "code \(code)"
        ERR_clear_error()
    }

    /// For every libcrypto function that answers 1 when it succeeded.
    static func check(_ result: Int32, _ call: String) throws {
        guard result == 1 else { throw CryptoError(call: call) }
    }

    /// For every libcrypto function that answers a handle.
    static func check(_ handle: OpaquePointer?, _ call: String) throws -> OpaquePointer {
        guard let handle else { throw CryptoError(call: call) }
        return handle
    }
}
