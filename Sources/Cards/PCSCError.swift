// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// An answer of pcsc-lite other than success: which function gave it, and the code.
struct PCSCError: Error, Equatable, CustomStringConvertible {
    /// The codes that are told apart here; all others survive as numbers.
    struct Code: RawRepresentable, Equatable {
        let rawValue: LONG
        static let noService = Code(rawValue: SCARD_E_NO_SERVICE)
        static let noReaders = Code(rawValue: SCARD_E_NO_READERS_AVAILABLE)
        static let unknownReader = Code(rawValue: SCARD_E_UNKNOWN_READER)
        static let readerUnavailable = Code(rawValue: SCARD_E_READER_UNAVAILABLE)
        static let timeout = Code(rawValue: SCARD_E_TIMEOUT)
        static let cancelled = Code(rawValue: SCARD_E_CANCELLED)
        /// The connection was there and is not any more.
        static let communicationFailed = Code(rawValue: SCARD_F_COMM_ERROR)
        static let securityViolation = Code(rawValue: SCARD_W_SECURITY_VIOLATION)
    }

    let code: Code
    let call: String

    /// Throws unless the result is success. The one place where a result of pcsc-lite is judged.
    static func check(_ result: LONG, _ call: String) throws(PCSCError) {
        guard result == SCARD_S_SUCCESS else { throw PCSCError(code: Code(rawValue: result), call: call) }
    }

    static func == (left: PCSCError, right: PCSCError) -> Bool { left.code == right.code }

    var description: String { "\(call): 0x\(String(code.rawValue, radix: 16))" }
}
