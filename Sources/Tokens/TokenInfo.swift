// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11
public import EOnayCore
import SystemBasics

/// A token's own description (PKCS#11 v2.40, CK_TOKEN_INFO).
public struct TokenInfo: Equatable, Sendable {
    /// Never to be logged: an AKIS card's labels hold the identity number.
    public let label: String
    public let manufacturer: String
    public let model: String
    /// The card's own number, as octets without padding; empty where the module gives none. Two slots of one card have one number, but
    /// not every maker gives each card another. Never to be logged.
    public let serialNumber: [UInt8]
    /// By the flags: PKCS#11 has no counter, so no number of tries is ever known.
    public let pinState: PINState
    /// The card wants a new PIN before it signs.
    public let mustChangePIN: Bool
    /// The PIN is typed on the reader, not handed over.
    public let hasProtectedAuthenticationPath: Bool
    /// The length that a PIN may have, in bytes; nil where the module does not say or says something impossible.
    public let pinLength: ClosedRange<Int>?
    /// Whether somebody has set it up (CKF_TOKEN_INITIALIZED); some modules forget to say so.
    public let isInitialised: Bool

    init(_ info: CK_TOKEN_INFO) {
        label = withUnsafeBytes(of: info.label, Self.text)
        manufacturer = withUnsafeBytes(of: info.manufacturerID, Self.text)
        model = withUnsafeBytes(of: info.model, Self.text)
        serialNumber = withUnsafeBytes(of: info.serialNumber) { field in
            var octets = Array(field.prefix { $0 != 0 })
            while octets.last == UInt8(ascii: " ") { octets.removeLast() }
            return octets
        }
        let has = { (flag: UInt) in info.flags & flag != 0 }
        pinState =
            if has(CKF_USER_PIN_LOCKED) {
                .locked
            } else if has(CKF_USER_PIN_FINAL_TRY) {
                .finalTry
            } else if has(CKF_USER_PIN_COUNT_LOW) {
                .countLow
            } else if has(CKF_USER_PIN_INITIALIZED) {
                .ok
            } else {
                .unknown
            }
        mustChangePIN = has(CKF_USER_PIN_TO_BE_CHANGED)
        hasProtectedAuthenticationPath = has(CKF_PROTECTED_AUTHENTICATION_PATH)
        isInitialised = has(CKF_TOKEN_INITIALIZED)
        // Both are CK_UNAVAILABLE_INFORMATION, 0 or nonsense in some modules.
        pinLength =
            if info.ulMaxPinLen > 0, info.ulMaxPinLen <= 255, info.ulMinPinLen <= info.ulMaxPinLen {
                Int(info.ulMinPinLen)...Int(info.ulMaxPinLen)
            } else {
                nil
            }
    }

    /// A blank-padded field, without what no display should be given.
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        var result = ShowableText.stripped(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        while result.last == " " { result.removeLast() }
        return result
    }
}
