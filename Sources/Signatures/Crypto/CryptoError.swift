// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// A call into libcrypto that failed though its input had been checked: out of memory, a provider that is missing.
public struct CryptoError: Error, Sendable, Equatable {
    /// OpenSSL's packed error code, 0 where its queue was empty.
    public let code: UInt
    /// The function that failed.
    public let call: String
    /// OpenSSL's word for the code.
    public let reason: String

    /// Equal by code and call.
    public static func == (left: CryptoError, right: CryptoError) -> Bool {
        left.code == right.code && left.call == right.call
    }

    /// Takes the newest entry of this thread's error queue and empties it, in the same breath as the failed call.
    static func latest(_ call: String) -> CryptoError {
        let code = ERR_peek_last_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "unknown"
        ERR_clear_error()
        return CryptoError(code: code, call: call, reason: reason)
    }

    /// The pointer that a call gave, or its error.
    static func check(_ pointer: OpaquePointer?, _ call: String) throws(CryptoError) -> OpaquePointer {
        guard let pointer else { throw latest(call) }
        return pointer
    }

    /// Throws unless a call gave 1, OpenSSL's word for success.
    static func check(_ result: Int32, _ call: String) throws(CryptoError) {
        guard result == 1 else { throw latest(call) }
    }
}
