// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One reason why a signature is not valid; thrown where there can only be one.
public struct SignatureReason: Error, Codable, Sendable, Hashable {
    /// The one thing that is wrong.
    public let fault: SignatureFault

    /// A stable short code that narrows the fault down: "no-qc-compliance", "path-length"; "" where nothing does.
    public let detail: String

    public init(_ fault: SignatureFault, _ detail: String = "") {
        self.fault = fault
        self.detail = detail
    }

    /// Its place in EN 319 102-1.
    public var subIndication: SubIndication { fault.subIndication }

    /// `SIG_CRYPTO_FAILURE: signature-mismatch`, with the detail in parentheses where there is one.
    public var text: String {
        "\(subIndication.rawValue): \(fault.rawValue)" + (detail.isEmpty ? "" : " (\(detail))")
    }
}

/// The one thing that is wrong, by a stable short code; each belongs to one sub-indication.
public enum SignatureFault: String, Codable, Sendable, Hashable, CaseIterable {
    // The container
    case tooLarge = "too-large"
    case malformed = "malformed"
    case notSignedData = "not-signed-data"
    /// Nothing in the bytes begins like a CMS.
    case notCMS = "not-cms"
    case tooManyParts = "too-many-parts"
    case noSigner = "no-signer"
    /// Strict mode: BER that is not DER, attributes out of order, versions that do not fit.
    case notDER = "not-der"

    // The signed content
    case contentMissing = "content-missing"
    case contentDiffers = "content-differs"
    case digestMismatch = "digest-mismatch"

    // The signed attributes
    case attributesMissing = "signed-attributes-missing"
    case attributeMalformed = "signed-attribute-malformed"
    case attributeRepeated = "signed-attribute-repeated"
    case contentTypeMissing = "content-type-missing"
    case contentTypeMismatch = "content-type-mismatch"
    case messageDigestMissing = "message-digest-missing"
    case signingTimeMissing = "signing-time-missing"
    case signingCertificateMissing = "signing-certificate-missing"
    case algorithmMismatch = "algorithm-mismatch"

    // The signer's certificate and key
    case certificateMissing = "certificate-missing"
    case certificateUnreadable = "certificate-unreadable"
    case certificateMismatch = "certificate-mismatch"
    case keyUnsupported = "key-unsupported"
    case keyWeak = "key-weak"
    case keyInvalid = "key-invalid"
    case digestWeak = "digest-weak"
    case algorithmUnsupported = "algorithm-unsupported"
    case signatureMismatch = "signature-mismatch"

    // Strict mode: what a portal does not take
    case notAttached = "content-not-attached"
    case notData = "content-not-data"
    case notOneSigner = "not-one-signer"
    case versionOneReference = "signing-certificate-v1"
    case unexpectedParts = "unexpected-parts"

    // The certificate in its world
    case expired = "certificate-expired"
    case notYetValid = "certificate-not-yet-valid"
    case authorityOutOfTime = "authority-out-of-time"
    case untrustedIssuer = "untrusted-issuer"
    case chainBroken = "chain-broken"
    case chainForbidden = "chain-forbidden"
    case chainWeak = "chain-weak"
    case notQualified = "not-qualified"
    case revoked = "certificate-revoked"
    case authorityRevoked = "authority-revoked"
    /// On hold (certificateHold, RFC 5280, 5.3.1): not opened yet, or suspended.
    case suspended = "certificate-suspended"
    case authoritySuspended = "authority-suspended"
    /// libcrypto failed for a reason of its own.
    case internalFailure = "internal-failure"

    /// Its place in EN 319 102-1.
    public var subIndication: SubIndication {
        switch self {
        case .tooLarge, .malformed, .notSignedData, .notCMS, .tooManyParts, .noSigner, .notDER, .attributeMalformed,
            .attributeRepeated, .contentTypeMissing, .contentTypeMismatch, .messageDigestMissing, .algorithmMismatch:
            .formatFailure
        case .contentMissing: .signedDataNotFound
        case .contentDiffers, .digestMismatch: .hashFailure
        case .keyInvalid, .signatureMismatch: .signatureCryptoFailure
        case .attributesMissing, .signingTimeMissing, .signingCertificateMissing, .notAttached, .notData,
            .notOneSigner, .versionOneReference, .unexpectedParts:
            .signatureConstraintsFailure
        case .certificateMissing, .certificateUnreadable, .certificateMismatch: .noSigningCertificateFound
        case .keyUnsupported, .keyWeak, .digestWeak, .algorithmUnsupported, .chainWeak: .cryptoConstraintsFailure
        case .expired, .notYetValid: .outOfBoundsNoPOE
        case .untrustedIssuer, .authorityOutOfTime: .noCertificateChainFound
        case .chainBroken, .internalFailure: .chainGeneralFailure
        case .chainForbidden, .notQualified: .chainConstraintsFailure
        case .revoked: .revokedNoPOE
        case .authorityRevoked: .revokedAuthorityNoPOE
        // EN 319 102-1, 5.2.6.4: a hold may be over by the next look.
        case .suspended, .authoritySuspended: .tryLater
        }
    }
}

/// Why a validation did not pass, by the names of ETSI EN 319 102-1, table 5 and 6.
public enum SubIndication: String, Sendable, Hashable {
    case formatFailure = "FORMAT_FAILURE"
    case hashFailure = "HASH_FAILURE"
    case signatureCryptoFailure = "SIG_CRYPTO_FAILURE"
    case signatureConstraintsFailure = "SIG_CONSTRAINTS_FAILURE"
    case chainConstraintsFailure = "CHAIN_CONSTRAINTS_FAILURE"
    case chainGeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    case cryptoConstraintsFailure = "CRYPTO_CONSTRAINTS_FAILURE"
    case signedDataNotFound = "SIGNED_DATA_NOT_FOUND"
    case noSigningCertificateFound = "NO_SIGNING_CERTIFICATE_FOUND"
    case noCertificateChainFound = "NO_CERTIFICATE_CHAIN_FOUND"
    case outOfBoundsNoPOE = "OUT_OF_BOUNDS_NO_POE"
    case revokedNoPOE = "REVOKED_NO_POE"
    case revokedAuthorityNoPOE = "REVOKED_CA_NO_POE"
    case tryLater = "TRY_LATER"

    /// The conclusion on a signature with this alone against it.
    public var conclusion: Conclusion {
        switch self {
        case .formatFailure, .hashFailure, .signatureCryptoFailure: .invalid
        default: .indeterminate
        }
    }
}

/// The conclusion of a validation (ETSI EN 319 102-1, 5.1.3).
public enum Conclusion: String, Codable, CaseIterable, Sendable, Hashable {
    /// TOTAL-PASSED: every check succeeded.
    case valid
    /// TOTAL-FAILED: no later evidence can make it good.
    case invalid
    /// INDETERMINATE: the facts at hand do not suffice to say.
    case indeterminate
}

/// A fact that a reader of a judgement should know though it stands against nothing, by a stable short code.
public enum SignatureNote: String, Codable, CaseIterable, Sendable, Hashable {
    /// The signed attributes stand in another order than DER's (RFC 5652, 5.3), whichever of the two was signed.
    case attributesUnsorted = "attributes-unsorted"
    /// Nothing at hand says whether the certificate was revoked.
    case revocationUnknown = "revocation-unknown"
    /// A time stamp is there and was not looked into.
    case timeStampUnjudged = "time-stamp-unjudged"
    /// A counter-signature is there and was not looked into.
    case counterSignatureUnjudged = "counter-signature-unjudged"
}

/// A lack that keeps a certificate from being an NES, by a stable short code.
public enum QualificationReason: String, Codable, CaseIterable, Sendable, Hashable {
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
    /// A statement that is unknown here restricts its use; its text is among the certificate's statements.
    case usageRestricted = "usage-restricted"
    /// Issued for tests.
    case testCertificate = "test-certificate"
}
