// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Texts

/// How the PIN of a card stands, by what the card's driver says. PKCS#11 has no number of tries, so none is ever shown.
struct PINStatus {
    let token: ServiceToken
    let certificates: [ServiceCertificate]

    /// Of the cards that could be read, or of the one that holds this certificate.
    static func all(in objects: ServiceSnapshot, holding id: String) throws -> [PINStatus] {
        let all = objects.tokens.filter { !$0.certificates.isEmpty }.map { token in
            PINStatus(token: token, certificates: token.certificates.compactMap { objects.certificate(at: $0) })
        }
        guard !id.isEmpty else { return all }
        let meant = try objects.certificates(called: id).map(\.id)
        return all.filter { $0.certificates.contains { meant.contains($0.id) } }
    }

    /// Why nothing can be signed with this PIN as it stands.
    var hindrance: ErrorName? {
        switch PINState(rawValue: token.pinState) {
        case .locked?: .pinLocked
        case .finalTry?: .pinFinalTry
        default: token.pin.mustChange ? .pinChangeRequired : nil
        }
    }

    func details(_ texts: Texts) -> Details {
        let words = Words(texts: texts)
        let pin = token.pin
        let length = texts.text("%1 to %2 characters", pin.shortest, pin.longest)
        return Details([
            (texts.text("Reader"), Cell(token.reader)), (texts.text("Card"), Cell(token.label)),
            (texts.text("Holder"), Cell(certificates.first?.holder ?? "")),
            (
                texts.text("PIN"),
                token.pinState == "unknown" ? Cell(texts.text("not told by the card")) : words.pinState(token.pinState)
            ),
            (texts.text("To be changed"), pin.mustChange ? Cell(texts.text("yes: eonay pin change"), .warning) : ""),
            (texts.text("PUK"), words.pukState(pin.pukState.rawValue)),
            (texts.text("Length"), pin.longest == 0 ? "" : Cell(length)),
            (texts.text("Entered"), token.hasKeypad ? Cell(texts.text("on the reader's keypad")) : ""),
        ])
    }

    var json: JSON {
        [
            "reader": .string(token.reader), "label": .optional(token.label),
            "certificates": .texts(certificates.map(\.id)), "pin_state": .string(token.pinState),
            "change_required": .bool(token.pin.mustChange), "puk_state": .string(token.pin.pukState.rawValue),
            "min_length": .integer(Int64(token.pin.shortest)), "max_length": .integer(Int64(token.pin.longest)),
            "keypad": .bool(token.hasKeypad),
        ]
    }
}
