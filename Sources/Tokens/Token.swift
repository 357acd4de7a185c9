// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

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

    init(module: Module, slot: CK_SLOT_ID, reader: [UInt8], slotDescription: [UInt8], info: TokenInfo) {
        self.module = module
        self.slot = slot
        self.reader = reader
        self.slotDescription = slotDescription
        self.info = info
    }

    /// Whether its slot may as well stand for that reader: a module cuts long names, and two may be alike as far as they go.
    public func mayBeIn(reader: [UInt8]) -> Bool { SlotDescription.matches(slotDescription, reader: reader) }

    /// Its own description now; the PIN flags change with each login.
    public func currentInfo() throws(TokenError) -> TokenInfo {
        try lookingAgain { () throws(TokenError) in try module.tokenInfo(of: slot) }
    }

    /// A read-only session; nobody is logged in.
    public func open() throws(TokenError) -> Session { try Session(token: self) }

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
