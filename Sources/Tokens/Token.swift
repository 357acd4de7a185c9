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
