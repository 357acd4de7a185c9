// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

extension Module {
    /// More slots than any computer has readers; OpenSC announces four for each.
    private static let mostSlots = 256

    /// The tokens in the reader of that PC/SC name: none where the module sees no card there, several where it shows one
    /// for each PIN of the card (OpenSC does).
    ///
    /// An empty name finds the tokens of all slots, for modules that know no reader. Throws `tokenNotRecognised` where the
    /// module sees a card it cannot read.
    public func tokens(inReader reader: String) throws(TokenError) -> [Token] {
        var found: [Token] = []
        var failure: TokenError?
        for slot in try slots(withToken: true) where try matches(slot, reader: reader) {
            do throws(TokenError) {
                let info = try tokenInfo(of: slot)
                // A slot whose token nobody has set up yet holds no certificate.
                if info.isInitialised { found.append(Token(module: self, slot: slot, reader: reader, info: info)) }
            } catch {
                failure = error
            }
        }
        // One of a card's slots may be unusable; only where all are is it the card.
        if found.isEmpty, let failure { throw failure }
        return found
    }

    /// Why no token is shown in that reader: nil where there is no card to the module's knowledge.
    ///
    /// A card that another program holds for itself alone has no token, and CKR_DEVICE_ERROR for who asks for it.
    public func obstacle(inReader reader: String) throws(TokenError) -> TokenError? {
        for slot in try slots(withToken: false) where try matches(slot, reader: reader) {
            do throws(TokenError) {
                _ = try tokenInfo(of: slot)
            } catch {
                return error.kind == .tokenRemoved ? nil : error
            }
        }
        return nil
    }

    func tokenInfo(of slot: CK_SLOT_ID) throws(TokenError) -> TokenInfo {
        var info = CK_TOKEN_INFO()
        try call("C_GetTokenInfo", \.C_GetTokenInfo) { $0(slot, &info) }
        return TokenInfo(info)
    }

    /// Whether the slot still shows a token after the module was told to look again.
    func stillHasToken(_ slot: CK_SLOT_ID, reader: String) -> Bool {
        // Asking for the number alone is what makes a module look anew (PKCS#11 v2.40, 5.5, C_GetSlotList).
        var count: CK_ULONG = 0
        do throws(TokenError) {
            try call("C_GetSlotList", \.C_GetSlotList) { $0(CK_BBOOL(CK_TRUE), nil, &count) }
            guard try slots(withToken: true).contains(slot) else { return false }
            return try matches(slot, reader: reader)
        } catch {
            // A module that cannot even list its slots has lost the card for us.
            return false
        }
    }

    private func slots(withToken: Bool) throws(TokenError) -> [CK_SLOT_ID] {
        var slots = [CK_SLOT_ID](repeating: 0, count: Self.mostSlots)
        var count = CK_ULONG(Self.mostSlots)
        // One call with room enough, not the usual two: each makes the module look into every reader, 2-3 ms apiece.
        try call("C_GetSlotList", \.C_GetSlotList) { $0(CK_BBOOL(withToken ? CK_TRUE : CK_FALSE), &slots, &count) }
        guard count <= Self.mostSlots else { throw TokenError(.absurdAnswer, call: "C_GetSlotList") }
        return Array(slots.prefix(Int(count)))
    }

    private func matches(_ slot: CK_SLOT_ID, reader: String) throws(TokenError) -> Bool {
        if reader.isEmpty { return true }
        var info = CK_SLOT_INFO()
        do throws(TokenError) {
            try call("C_GetSlotInfo", \.C_GetSlotInfo) { $0(slot, &info) }
        } catch {
            // OpenSC tries to connect to the card here; where another program holds it, only the second call gives the name.
            guard case .returned(CKR_DEVICE_ERROR) = error.code else { throw error }
            try call("C_GetSlotInfo", \.C_GetSlotInfo) { $0(slot, &info) }
        }
        return withUnsafeBytes(of: info.slotDescription) { SlotDescription.matches($0, reader: reader) }
    }
}
