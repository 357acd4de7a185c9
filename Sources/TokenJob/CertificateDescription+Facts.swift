// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures

extension CertificateDescription {
    /// The facts as the desktop service wants them: text made displayable, the identity number masked or hashed.
    init(_ facts: CertificateFacts, salt: [UInt8], hasPrivateKey: Bool) {
        let reasons = facts.qualification.reasons.map(\.rawValue)
        self.init(
            id: facts.id, holder: Displayable.line(facts.holder),
            maskedIdentity: Displayable.line(facts.maskedIdentity),
            identityKey: facts.personKey(salt: salt), subject: Displayable.line(facts.maskedSubject),
            issuer: Displayable.line(facts.issuerName), serialNumber: facts.serialNumber, notBefore: facts.notBefore,
            notAfter: facts.notAfter, keyType: facts.keyType.rawValue, qualified: reasons.isEmpty,
            hindrances: reasons.isEmpty ? [] : [ErrorName.notQualified.rawValue], reasons: reasons,
            policies: facts.policies.map(\.identifier), policyNotice: Displayable.lines(facts.policyNotice),
            qcStatements: facts.statements.map { Displayable.line($0.description) },
            keyUsage: facts.keyUsage?.names ?? [], ocsp: facts.ocsp.map { Displayable.line($0) },
            crl: facts.crl.map { Displayable.line($0) }, isTest: facts.isTest, hasPrivateKey: hasPrivateKey)
    }
}
