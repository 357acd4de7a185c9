// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Judges CMS signatures at the B level of CAdES, after the basic validation of ETSI EN 319 102-1, clause 5.3.
///
/// Takes what other programs write too: content attached or apart, several signers, signing-certificate in version 1 or
/// 2, BER with indefinite lengths. For what a portal accepts there is `PortalSignature`, which takes much less.
/// Pure computing on the calling thread, milliseconds; no network and no clock.
public struct CAdESVerifier: Sendable {
    /// Longer signatures are refused unread.
    public static let maximumLength = 64 * 1024 * 1024

    public let trust: TrustStore
    /// A signer must have a qualified certificate (NES).
    public let requiresQualified: Bool

    public init(trust: TrustStore, requiresQualified: Bool = true) {
        self.trust = trust
        self.requiresQualified = requiresQualified
    }

    /// Judges a signature, DER, BER or PEM.
    ///
    /// - Parameters:
    ///   - content: what was signed, where the signature does not carry it. Given with an attached content, the two must
    ///     be equal.
    ///   - time: the instant for which certificates are judged, UTC seconds since 1970.
    ///   - certificates: further certificates, DER, to find the signer and its chain among.
    ///   - evidence: OCSP answers and revocation lists to judge the signers' certificates by.
    public func verify(
        _ signature: [UInt8], content: [UInt8]? = nil, at time: Int64, certificates: [[UInt8]] = [],
        evidence: [RevocationEvidence] = []
    ) -> SignatureReport {
        SignatureReport(reasons: [SignatureReason(.malformed)])
    }
}
