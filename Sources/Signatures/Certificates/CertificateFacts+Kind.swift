// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

extension CertificateFacts {
    /// The purpose that it was issued for. Whether it is good for that (`qualification`) is another question: a person's certificate that
    /// lacks a statement is one all the same.
    public var kind: CertificateKind {
        if isAuthority { return .other }
        // Both certificates of a company's card have its policy: the key's use tells them apart.
        if isForDeciphering { return .encryption }
        if isCompanySeal { return .seal }
        if isSeal || isUnder(.sealPolicy) { return .eSeal }
        if states(.nesStatement) || states(.nesStatement2) || isUnder(.nesPolicy) || isUnder(.testPolicy) {
            return isOfMobileAuthority ? .mobileNES : .nes
        }
        return isForAuthentication ? .authentication : .other
    }

    func states(_ identifier: ObjectIdentifier) -> Bool {
        statements.contains { $0.identifier == identifier.description }
    }

    /// A seal of whatever institution: BTK's restrictions, or ETSI's type.
    var isSeal: Bool {
        let types = statements.filter { $0.identifier == ObjectIdentifier.qcType.description }.flatMap(\.identifiers)
        return states(.nesSealRestriction) || states(.nesSealRestriction2)
            || types.contains(ObjectIdentifier.qcTypeSeal.description)
                && !types.contains(ObjectIdentifier.qcTypeSignature.description)
    }

    /// Kamu SM's seal of companies for what they send to the revenue administration (mali mühür).
    var isCompanySeal: Bool { isFor(.companySealUsage) || isUnder(.companySealPolicy) }

    private func isUnder(_ policy: ObjectIdentifier) -> Bool {
        policies.contains { $0.identifier == policy.description }
    }

    private func isFor(_ usage: ObjectIdentifier) -> Bool { extendedKeyUsage.contains(usage.description) }

    private var isForDeciphering: Bool {
        guard let keyUsage else { return isFor(.companySealDecipherment) }
        return keyUsage.isDisjoint(with: [.digitalSignature, .nonRepudiation])
            && !keyUsage.isDisjoint(with: [.keyEncipherment, .dataEncipherment, .keyAgreement])
    }

    private var isForAuthentication: Bool {
        isFor(.clientAuthentication) || isFor(.smartCardLogon)
            || keyUsage.map { $0.contains(.digitalSignature) && !$0.contains(.nonRepudiation) } == true
    }

    /// No policy of certificates in telephones is published; their authorities are named for them ("Mobil").
    private var isOfMobileAuthority: Bool { issuerName.split(separator: " ").contains { $0 == "Mobil" } }
}
