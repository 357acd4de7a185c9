// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

extension Session {
    /// Gives the PIN a new value by the present one (C_SetPIN), or on the reader's keypad where both are nil. In a session for writing.
    ///
    /// A wrong present one costs a try; it is never repeated.
    public func setPIN(from present: Span<UInt8>?, to new: Span<UInt8>?) throws(TokenError) {
        try inSession { () throws(TokenError) in
            try token.module.call("C_SetPIN", \.C_SetPIN) { set in
                Self.lend(present) { old, oldLength in
                    Self.lend(new) { new, newLength in set(handle, old, oldLength, new, newLength) }
                }
            }
        }
    }

    /// Gives the holder's PIN a new value, after `logInAsOfficer(_:)` (C_InitPIN); nil: on the reader's keypad.
    public func initPIN(_ new: Span<UInt8>?) throws(TokenError) {
        try inSession { () throws(TokenError) in
            try token.module.call("C_InitPIN", \.C_InitPIN) { set in
                Self.lend(new) { new, length in set(handle, new, length) }
            }
        }
    }

    /// PKCS#11's parameters lack const; it only reads them.
    private static func lend(
        _ pin: Span<UInt8>?, to body: (UnsafeMutablePointer<UInt8>?, CK_ULONG) -> CK_RV
    ) -> CK_RV {
        guard let pin else { return body(nil, 0) }
        return pin.withUnsafeBufferPointer {
            body(UnsafeMutablePointer(mutating: $0.baseAddress), CK_ULONG($0.count))
        }
    }
}

extension Module {
    /// Whether this is OpenSC, which unblocks in one of three ways, or not at all, as its configuration says.
    public var isOpenSC: Bool {
        var info = CK_INFO()
        do throws(TokenError) {
            try call("C_GetInfo", \.C_GetInfo) { $0(&info) }
        } catch {
            return false
        }
        return withUnsafeBytes(of: info.manufacturerID) { $0.starts(with: Array("OpenSC".utf8)) }
    }
}

extension TokenError {
    /// Whether the module says that it does not do this at all, for this card.
    public var isUnsupported: Bool {
        switch code {
        case .missingFunction: true
        case .returned(let value):
            [CKR_FUNCTION_NOT_SUPPORTED, CKR_FUNCTION_REJECTED, CKR_USER_TYPE_INVALID, CKR_TOKEN_WRITE_PROTECTED]
                .contains(value)
        default: false
        }
    }

    /// The same of OpenSC, which has no word of its own for a card that takes no PUK, or that it has no profile for (0.23).
    public var isUnsupportedByOpenSC: Bool {
        isUnsupported || (kind != .tokenRemoved && code == .returned(CKR_GENERAL_ERROR))
    }

    /// Whether the present PIN was right, and only a new one can follow.
    public var isExpiredPIN: Bool { code == .returned(CKR_PIN_EXPIRED) }

    /// Whether the module refuses a new PIN for what it is. OpenSC answers so to letters where a card wants digits.
    public var isRefusedValue: Bool {
        guard case .returned(let value) = code else { return false }
        return [CKR_PIN_LEN_RANGE, CKR_PIN_INVALID, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE, CKR_PIN_TOO_WEAK]
            .contains(value)
    }
}
