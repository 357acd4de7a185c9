// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why bytes could not be read as DER; stays inside this library, which tells its callers what the bytes should have been.
struct DERError: Error, Equatable {
    enum Code: String, Sendable {
        case truncated
        case badLength
        case unexpectedTag
        case trailingBytes
        case tooDeep
        case tooLarge
        case badValue
        /// Read, but not understood: a critical extension, another kind of answer.
        case unsupported
    }

    let code: Code

    init(_ code: Code) {
        self.code = code
    }
}
