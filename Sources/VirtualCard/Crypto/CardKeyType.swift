// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The kinds of key that the bench's cards and authorities hold.
public enum CardKeyType: String, Sendable, CaseIterable {
    case rsa2048 = "rsa-2048"
    case rsa3072 = "rsa-3072"
    case rsa4096 = "rsa-4096"
    case p256 = "ec-p256"
    case p384 = "ec-p384"

    var isRSA: Bool { rsaBits != nil }

    var rsaBits: Int32? {
        switch self {
        case .rsa2048: 2048
        case .rsa3072: 3072
        case .rsa4096: 4096
        case .p256, .p384: nil
        }
    }

    /// OpenSSL's name of the curve.
    var curve: String? {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .rsa2048, .rsa3072, .rsa4096: nil
        }
    }

    /// The digest and scheme by which a key of this kind signs a certificate.
    var digest: Digest { self == .p384 ? .sha384 : .sha256 }

    /// AlgorithmIdentifier of a signature by a key of this kind with its `digest`.
    var signatureAlgorithm: [UInt8] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: DER.sequence(DER.identifier("1.2.840.113549.1.1.11"), DER.null())
        case .p256: DER.sequence(DER.identifier("1.2.840.10045.4.3.2"))
        case .p384: DER.sequence(DER.identifier("1.2.840.10045.4.3.3"))
        }
    }
}
