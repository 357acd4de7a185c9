// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// What the rules say of a certificate at a moment.
extension CertificateRegistry.Entry {
    /// Error names of the bus contract that stand against using it for E-Onay at `now`, the lasting ones first.
    func hindrances(at now: Int64) -> [String] {
        var names = known.hindrances
        if now < validity.notBefore { names.append(ErrorName.certificateNotYetValid.rawValue) }
        if now >= validity.expiry { names.append(ErrorName.certificateExpired.rawValue) }
        return names
    }

    /// What the planner of reminders has to know.
    var reminded: RemindedCertificate {
        RemindedCertificate(
            id: known.id, identityKey: known.identityKey, isQualified: known.qualified, validity: validity,
            told: known.remindersTold, snoozedUntil: known.snoozedUntil)
    }
}

extension CertificateRegistry {
    /// The certificates that reminders are about: those a person signs with. The end of the others is told by `Expiry` alone.
    var reminded: [RemindedCertificate] {
        order.compactMap { entries[$0] }.filter { $0.known.qualified }.map(\.reminded)
    }

    /// The certificate that a caller means; "" means the one that could give E-Onay now: in a reader before out of one.
    func resolve(_ reference: String, at now: Int64, isPresent: (String) -> Bool) throws(ErrorName) -> String {
        if reference.isEmpty {
            let able = order.filter { entries[$0]?.hindrances(at: now).isEmpty == true }
            let present = able.filter(isPresent)
            let choice = present.isEmpty ? able : present
            return try CertificateReference.resolve("", among: choice) { _ in true }
        }
        return try CertificateReference.resolve(reference, among: order) { _ in true }
    }
}
