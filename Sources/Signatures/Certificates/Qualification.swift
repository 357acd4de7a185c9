// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Whether a certificate is a qualified electronic certificate (NES) for E-Onay, and if not, why.
///
/// The rule: the ETSI statement QcCompliance, one of the two statements of Turkey's BTK under law 5070, the user notice of
/// its policy, by which BTK's profile has the certificate say to people what it is, none of the two statements that mark a
/// seal, key usage nonRepudiation, and no restriction of use under another identifier. Time and issuer are judged elsewhere.
public enum Qualification: Sendable, Hashable {
    case qualified
    /// At least one reason, in the order of `Reason`.
    case notQualified([Reason])

    /// The stable short codes of what keeps a certificate from being an NES.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// A certification authority's own certificate.
        case authority = "authority-certificate"
        /// Key usage is missing or lacks nonRepudiation.
        case noNonRepudiation = "no-non-repudiation"
        /// QC statement 0.4.0.1862.1.1 is missing.
        case noQcCompliance = "no-qc-compliance"
        /// QC statements 2.16.792.1.61.0.1.5070.1.1 and .2.1 are both missing.
        case noNationalStatement = "no-national-statement"
        /// No policy has a user notice (id-qt-unotice, RFC 5280, 4.2.1.4) with a text.
        case noUserNotice = "no-user-notice"
        /// A statement marks it as an electronic seal, not a person's signature.
        case seal = "seal"
        /// A statement that is unknown here restricts its use; its text is in `CertificateFacts.statements`.
        case usageRestricted = "usage-restricted"
        /// Issued for tests.
        case testCertificate = "test-certificate"
    }

    /// Nothing keeps it from being an NES.
    public var isQualified: Bool { self == .qualified }

    /// Empty where qualified.
    public var reasons: [Reason] {
        if case .notQualified(let reasons) = self { reasons } else { [] }
    }
}
