// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11
public import EOnayCore
import SystemBasics

/// One token in one slot of a module.
public struct Token {
    /// The module it was found through.
    public let module: Module
    /// Its own description from when it was found.
    public let info: TokenInfo
    let slot: CK_SLOT_ID
    let reader: [UInt8]
    /// The slot's own name; empty where nobody asked for a certain reader.
    let slotDescription: [UInt8]

    /// Whether its slot may as well stand for that reader: a module cuts long names, and two may be alike as far as they go.
    public func mayBeIn(reader: [UInt8]) -> Bool { SlotDescription.matches(slotDescription, reader: reader) }

    /// Its own description now; the PIN flags change with each login.
    public func currentInfo() throws(TokenError) -> TokenInfo {
        try lookingAgain { () throws(TokenError) in try module.tokenInfo(of: slot) }
    }

    /// A session; nobody is logged in.
    ///
    /// - Parameter forWriting: as a new PIN needs it; else it is read-only.
    public func open(forWriting: Bool = false) throws(TokenError) -> Session {
        try Session(token: self, forWriting: forWriting)
    }

    /// Does it, and where the answer may mean a removal, looks at the slots before it is told.
    func lookingAgain<Result>(_ body: () throws(TokenError) -> Result) throws(TokenError) -> Result {
        do throws(TokenError) {
            return try body()
        } catch {
            guard error.asksForASecondLook, !module.stillHasToken(slot, reader: reader) else { throw error }
            throw error.knowingTheCardIsGone()
        }
    }
}

/// Tells by a slot's description which PC/SC readers it may stand for.
///
/// PKCS#11 (v2.40, CK_SLOT_INFO) leaves a reader's name 64 octets, padded with blanks; PC/SC leaves it 127. OpenSC ends a longer name with
/// "..." at the 64th octet, other modules just cut it there, an octet earlier for a NUL, or before the character that the cut would
/// split. One description may then stand for several readers: what would tell them apart is what is missing.
enum SlotDescription {
    static let size = 64
    /// Three octets of a character of four that would not fit whole, and a NUL.
    private static let mostUnused = 4
    private static let ellipses: [[UInt8]] = [[], Array("...".utf8), Array("…".utf8)]

    /// Whether these octets are that reader's name, or what may be left of it.
    static func matches(_ description: some Collection<UInt8>, reader: [UInt8]) -> Bool {
        let shown = trimmed(description.prefix { $0 != 0 })
        if shown == trimmed(reader) { return true }
        guard reader.count >= size else { return false }
        return (size - mostUnused...size).contains { length in
            ellipses.contains { shown == trimmed(reader.prefix(length - $0.count) + $0) }
        }
    }

    /// Without the blanks at its end. Octets, not characters: the cut may have split one.
    private static func trimmed(_ octets: some Collection<UInt8>) -> [UInt8] {
        var octets = Array(octets)
        while octets.last == UInt8(ascii: " ") { octets.removeLast() }
        return octets
    }
}

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
    /// The state of the SO PIN, which a card's PUK is in PKCS#11; `.unknown` where no flag says anything.
    public let pukState: PINState
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
        pukState =
            if has(CKF_SO_PIN_LOCKED) {
                .locked
            } else if has(CKF_SO_PIN_FINAL_TRY) {
                .finalTry
            } else {
                has(CKF_SO_PIN_COUNT_LOW) ? .countLow : .unknown
            }
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
