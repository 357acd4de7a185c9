// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Texts

/// The last word of a certificate's responder, as the service knows it.
struct ServiceRevocation: Equatable {
    /// "good", "suspended", "revoked", "unknown", or a word of a newer service.
    let state: String
    let since, asked: Int64
    /// The term of RFC 5280, or "".
    let reason: String

    init(_ properties: PropertyValues<CertificateInterface>) {
        // A service from before it had the property knows of no responder.
        state = properties[.revocation]?.string ?? RevocationState.unknown.rawValue
        (since, asked) = (properties[.revocationSince]?.int64 ?? 0, properties[.revocationAsked]?.int64 ?? 0)
        reason = properties[.revocationReason]?.string ?? ""
    }

    /// Empty where nobody has said anything.
    func cell(_ texts: Texts) -> Cell {
        let date = since == 0 ? "" : texts.day(since)
        return switch RevocationState(rawValue: state) {
        case .good: Cell(texts.text("not revoked"), .good)
        case .suspended:
            Cell(date.isEmpty ? texts.text("suspended") : texts.text("suspended since %1", date), .warning)
        case .revoked: Cell(date.isEmpty ? texts.text("revoked") : texts.text("revoked on %1", date), .bad)
        case .unknown: ""
        case nil: Cell(state)
        }
    }

    /// In one word, where it keeps the certificate from being used.
    func trouble(_ texts: Texts) -> Cell? {
        switch RevocationState(rawValue: state) {
        case .suspended: Cell(texts.text("suspended"), .warning)
        case .revoked: Cell(texts.text("revoked"), .bad)
        case .good, .unknown, nil: nil
        }
    }

    /// Why, as half a sentence, or the term of a newer standard; "" where nothing is to be said.
    func why(_ texts: Texts) -> String { RevocationReason(rawValue: reason).map(texts.reason) ?? reason }
}
