// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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

    /// What this alone makes of a signature.
    public var conclusion: Conclusion {
        switch self {
        case .formatFailure, .hashFailure, .signatureCryptoFailure: .invalid
        default: .indeterminate
        }
    }
}
