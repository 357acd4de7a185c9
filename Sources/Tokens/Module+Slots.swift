// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// The result of a look at the slots of one reader.
public struct SlotSearch {
    /// The tokens that say what they are; several where the module shows one for each PIN of the card (OpenSC does).
    public internal(set) var tokens: [Token] = []
    /// The obstacle at a slot that could not be looked into; nil where there was none.
    public internal(set) var failure: TokenError?

    mutating func note(_ error: TokenError) {
        // A slot without a card says so by an error; a real failure tells more.
        if failure == nil || failure?.kind == .tokenRemoved { failure = error }
    }
}

extension Module {
    /// OpenSC announces four for each reader, and some modules one for each of hundreds of servers.
    private static let usualSlots = 256
    private static let mostSlots = 16_384

    /// Looks for the card in the reader of that PC/SC name. A slot that fails is passed over, and the others are looked into.
    ///
    /// An empty name stands for all slots, for modules that know no reader. Throws where the module cannot even list its slots.
    public func search(reader: [UInt8]) throws(TokenError) -> SlotSearch {
        var search = SlotSearch()
        var isRepeated = false
        while true {
            for slot in try slots(withToken: true) { look(into: slot, reader, &search) }
            // Readers that come and go renumber the slots of some modules.
            guard search.tokens.isEmpty, search.failure?.code == .returned(CKR_SLOT_ID_INVALID), !isRepeated else {
                break
            }
            (search, isRepeated) = (SlotSearch(), true)
        }
        return search
    }

    /// Why no token is shown in that reader: nil where there is no card to the module's knowledge.
    ///
    /// A card that another program holds for itself alone has no token, and CKR_DEVICE_ERROR for who asks for it.
    public func obstacle(inReader reader: [UInt8]) throws(TokenError) -> TokenError? {
        var search = SlotSearch()
        for slot in try slots(withToken: false) { look(into: slot, reader, &search) }
        return search.failure?.kind == .tokenRemoved ? nil : search.failure
    }

    private func look(into slot: CK_SLOT_ID, _ reader: [UInt8], _ search: inout SlotSearch) {
        do throws(TokenError) {
            let description = reader.isEmpty ? [] : try description(of: slot)
            guard reader.isEmpty || SlotDescription.matches(description, reader: reader) else { return }
            let info = try tokenInfo(of: slot)
            search.tokens.append(
                Token(module: self, info: info, slot: slot, reader: reader, slotDescription: description))
        } catch {
            search.note(error)
        }
    }

    func tokenInfo(of slot: CK_SLOT_ID) throws(TokenError) -> TokenInfo {
        var info = CK_TOKEN_INFO()
        try call("C_GetTokenInfo", \.C_GetTokenInfo) { $0(slot, &info) }
        return TokenInfo(info)
    }

    /// Whether the slot still shows a token after the module was told to look again.
    func stillHasToken(_ slot: CK_SLOT_ID, reader: [UInt8]) -> Bool {
        // Asking for the number alone is what makes a module look anew (PKCS#11 v2.40, 5.5, C_GetSlotList).
        var count: CK_ULONG = 0
        do throws(TokenError) {
            try call("C_GetSlotList", \.C_GetSlotList) { $0(CK_BBOOL(CK_TRUE), nil, &count) }
            guard try slots(withToken: true).contains(slot) else { return false }
            if reader.isEmpty { return true }
            return SlotDescription.matches(try description(of: slot), reader: reader)
        } catch {
            // A module that cannot even list its slots has lost the card for us.
            return false
        }
    }

    private func slots(withToken: Bool) throws(TokenError) -> [CK_SLOT_ID] {
        var room = Self.usualSlots
        while true {
            var slots = [CK_SLOT_ID](repeating: 0, count: room)
            var count = CK_ULONG(room)
            do throws(TokenError) {
                // One call with room enough, not the usual two: each makes the module look into every reader, 2-3 ms apiece.
                try call("C_GetSlotList", \.C_GetSlotList) {
                    $0(CK_BBOOL(withToken ? CK_TRUE : CK_FALSE), &slots, &count)
                }
            } catch {
                // The number that it says it needs may have grown by the next call.
                guard error.code == .returned(CKR_BUFFER_TOO_SMALL), room < Self.mostSlots else { throw error }
                room = min(Self.mostSlots, max(room * 2, Int(clamping: count)))
                continue
            }
            guard count <= room else { throw TokenError(.absurdAnswer, call: "C_GetSlotList") }
            var seen: Set<CK_SLOT_ID> = []
            return slots.prefix(Int(count)).filter { seen.insert($0).inserted }
        }
    }

    private func description(of slot: CK_SLOT_ID) throws(TokenError) -> [UInt8] {
        var info = CK_SLOT_INFO()
        do throws(TokenError) {
            try call("C_GetSlotInfo", \.C_GetSlotInfo) { $0(slot, &info) }
        } catch {
            // OpenSC tries to connect to the card here; where another program holds it, only the second call gives the name.
            guard case .returned(CKR_DEVICE_ERROR) = error.code else { throw error }
            try call("C_GetSlotInfo", \.C_GetSlotInfo) { $0(slot, &info) }
        }
        return withUnsafeBytes(of: info.slotDescription) { Array($0) }
    }
}
