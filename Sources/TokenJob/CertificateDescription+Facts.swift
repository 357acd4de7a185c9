// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import SystemBasics

extension CertificateDescription {
    /// The facts as the desktop service wants them: text made displayable, identity numbers masked or hashed.
    init(_ facts: CertificateFacts, salt: [UInt8]) {
        let reasons = facts.qualification.reasons
        // A seal's number is its institution's, whatever it looks like.
        let kind = facts.identity.map { reasons.contains(.seal) ? IdentityKind(seal: $0) : IdentityKind($0) } ?? .none
        self.init(
            id: facts.id, holder: facts.masked(facts.holder), maskedIdentity: ShowableText.line(facts.maskedIdentity),
            identityKey: facts.personKey(salt: salt), subject: facts.masked(facts.subject.text),
            issuer: facts.masked(facts.issuerName), issuerKey: Hexadecimal.text(facts.authorityKeyIdentifier),
            serialNumber: facts.serialNumber, notBefore: facts.notBefore, notAfter: facts.notAfter,
            keyType: facts.keyType.rawValue, qualified: reasons.isEmpty, kind: facts.kind,
            hindrances: Self.hindrances(reasons), reasons: reasons,
            policies: facts.policies.map(\.identifier), policyNotice: ShowableText.lines(facts.policyNotice),
            qcStatements: facts.statements.map { ShowableText.line($0.description) },
            keyUsage: facts.keyUsage?.names ?? [], ocsp: facts.ocsp.map { ShowableText.line($0) },
            crl: facts.crl.map { ShowableText.line($0) }, isTest: facts.isTest, identityKind: kind,
            limits: facts.statements.compactMap(\.limit).map { ShowableText.line($0.description) },
            unreadableExtensions: facts.unreadableExtensions)
    }

    /// A certificate that lacks the notice alone looks like an NES to its holder, so that has a name of its own.
    private static func hindrances(_ reasons: [QualificationReason]) -> [ErrorName] {
        if reasons.isEmpty { return [] }
        return reasons == [.noUserNotice] ? [.userNoticeMissing] : [.notQualified]
    }
}

extension IdentityKind {
    fileprivate init(seal number: String) {
        let kind = IdentityKind(number)
        self = kind == .taxpayer ? kind : .other
    }
}

extension CertificateFacts {
    /// A text of the certificate as it may be shown: its identity number masked, and every number that looks like one.
    func masked(_ text: String) -> String {
        IdentityMask.masked(ShowableText.line(maskingIdentity(in: text)))
    }
}
