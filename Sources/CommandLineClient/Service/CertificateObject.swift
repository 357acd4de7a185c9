// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// A certificate that the service knows.
struct CertificateObject: Equatable {
    let path: ObjectPath
    let id, holder, maskedIdentity, issuer, serialNumber, phase, keyType, approval: String
    let notBefore, notAfter, snoozedUntil: Int64
    let isQualified, isPresent: Bool
    let hindrances: [String]
    /// "/" where the card is not in.
    let token: ObjectPath

    init(_ path: ObjectPath, _ properties: [String: Value]) {
        let text = { (name: String) in properties[name]?.string ?? "" }
        let time = { (name: String) in properties[name]?.int64 ?? 0 }
        self.path = path
        (id, holder, maskedIdentity) = (text("Id"), text("Holder"), text("MaskedIdentity"))
        (issuer, serialNumber, phase) = (text("Issuer"), text("SerialNumber"), text("Phase"))
        (keyType, approval) = (text("KeyType"), text("Approval"))
        (notBefore, notAfter, snoozedUntil) = (time("NotBefore"), time("NotAfter"), time("SnoozedUntil"))
        isQualified = properties["Qualified"]?.bool ?? false
        isPresent = properties["Present"]?.bool ?? false
        hindrances = properties["Hindrances"]?.strings ?? []
        token = properties["Token"]?.objectPath ?? "/"
    }
}
