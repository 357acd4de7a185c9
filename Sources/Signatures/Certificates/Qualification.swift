// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// Whether a certificate is a qualified electronic certificate (NES) for E-Onay, and if not, why.
///
/// The rule: the ETSI statement QcCompliance, one of the two statements of Turkey's BTK under law 5070, the user notice of
/// its policy, by which BTK's profile has the certificate say to people what it is, none of the two statements that mark a
/// seal, key usage nonRepudiation, and no restriction of use under another identifier. Time and issuer are judged elsewhere.
public enum Qualification: Sendable, Hashable {
    case qualified
    /// At least one reason, in the order of `QualificationReason`.
    case notQualified([QualificationReason])

    /// Empty where qualified.
    public var reasons: [QualificationReason] {
        if case .notQualified(let reasons) = self { reasons } else { [] }
    }
}

extension CertificateFacts {
    /// Whether this certificate is an NES that E-Onay accepts; see `Qualification` for the rule.
    public var qualification: Qualification {
        var reasons: [QualificationReason] = []
        if isAuthority { reasons.append(.authority) }
        if keyUsage?.contains(.nonRepudiation) != true { reasons.append(.noNonRepudiation) }
        if !states(.qcCompliance) { reasons.append(.noQcCompliance) }
        if !states(.nesStatement) && !states(.nesStatement2) { reasons.append(.noNationalStatement) }
        if !hasUserNotice { reasons.append(.noUserNotice) }
        if isSeal || isCompanySeal || hasTypesWithoutSignature { reasons.append(.seal) }
        if statements.contains(where: \.isForeign) || hasUnreadableStatements { reasons.append(.usageRestricted) }
        if isTest { reasons.append(.testCertificate) }
        return reasons.isEmpty ? .qualified : .notQualified(reasons)
    }

    /// BTK's profile of qualified certificates wants a notice to people beside the policy, as TÜBİTAK's own validator does
    /// (conformance case 10). Its text is shown, and not compared: authorities word it differently.
    private var hasUserNotice: Bool {
        policies.flatMap(\.notices).contains { notice in
            notice.unicodeScalars.contains { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
        }
    }

    /// A QcType statement (ETSI EN 319 412-5, 4.2.3) that names seals or web sites, but not signatures.
    private var hasTypesWithoutSignature: Bool {
        let types = statements.filter { $0.identifier == ObjectIdentifier.qcType.description }.flatMap(\.identifiers)
        return !types.isEmpty && !types.contains(ObjectIdentifier.qcTypeSignature.description)
    }

    private var hasUnreadableStatements: Bool {
        unreadableExtensions.contains(ObjectIdentifier.qcStatements.description)
    }
}

extension QCStatement {
    /// A statement that may restrict the use in a way that is unknown here: one of Turkey's that is none of BTK's four,
    /// or any other that speaks to people instead of programs.
    fileprivate var isForeign: Bool {
        let known: [ObjectIdentifier] = [.nesStatement, .nesSealRestriction, .nesStatement2, .nesSealRestriction2]
        if known.contains(where: { $0.description == identifier }) { return false }
        if isUnder(.turkey) { return true }
        return !text.isEmpty && !isUnder(.etsiQc) && !isUnder(.qcSyntax)
    }

    private func isUnder(_ root: ObjectIdentifier) -> Bool {
        identifier == root.description || identifier.hasPrefix(root.description + ".")
    }
}
