// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a reader of a judgement should know though it stands against nothing, by a stable short code.
public enum SignatureNote: String, Sendable, Hashable, CaseIterable {
    /// The signed attributes stand in another order than DER's (RFC 5652, 5.3), whichever of the two was signed.
    case attributesUnsorted = "attributes-unsorted"
    /// Nothing at hand says whether the certificate was revoked.
    case revocationUnknown = "revocation-unknown"
    /// A time stamp is there and was not looked into.
    case timeStampUnjudged = "time-stamp-unjudged"
    /// A counter-signature is there and was not looked into.
    case counterSignatureUnjudged = "counter-signature-unjudged"
}
