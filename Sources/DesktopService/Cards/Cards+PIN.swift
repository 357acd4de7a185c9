// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import JobFrames

extension Cards {
    /// A certificate on the card that a caller of `ChangePin` or `UnblockPin` names: by its object, or "" for the only one that is in. Nil
    /// for what names a certificate. The card's PIN is that of its certificate to sign with.
    func certificate(on name: String) throws(ServiceError) -> String? {
        guard name.isEmpty || name.hasPrefix("/") else { return nil }
        let meant = name.isEmpty ? all : all.filter { Contract.tokenPath($0.number).text == name }
        let readable = meant.filter { !$0.certificates.isEmpty }
        guard readable.count <= 1 else { throw ServiceError(.ambiguousCertificate) }
        guard let token = readable.first else { throw ServiceError(meant.first?.error ?? absence) }
        let signing = token.description?.certificates.first(where: \.qualified)?.id
        return signing ?? token.certificates[0]
    }

    /// A PIN or PUK of this card was tried, or a new PIN set: what it says of them is read again.
    func pinWasTried(on number: UInt64) {
        if token(number) != nil { read(number) }
    }
}
