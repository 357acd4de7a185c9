// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Store

extension KnownCertificate {
    /// What a job read, as it is remembered.
    init(_ description: CertificateDescription, firstSeen: Int64, lastSeen: Int64) {
        self.init(
            id: description.id, holder: description.holder, maskedIdentity: description.maskedIdentity,
            identityKey: description.identityKey, issuer: description.issuer, serialNumber: description.serialNumber,
            notBefore: description.notBefore, notAfter: description.notAfter, keyType: description.keyType,
            qualified: description.qualified, hindrances: description.hindrances.map(\.rawValue), firstSeen: firstSeen,
            lastSeen: lastSeen)
    }
}

extension KnownCertificate {
    /// The same with the identity numbers in its names masked.
    var masked: KnownCertificate {
        var copy = self
        (copy.holder, copy.issuer) = (IdentityMask.masked(holder), IdentityMask.masked(issuer))
        return copy
    }
}
