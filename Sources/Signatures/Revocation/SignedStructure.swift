// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The three parts that certificates, revocation lists and OCSP answers have in common: what is signed, how, and the value.
struct SignedStructure {
    /// What the signature is over, tag and length included.
    let signed: DERElement
    let algorithm: AlgorithmIdentifier
    let value: ArraySlice<UInt8>

    init(_ reader: inout DERReader) throws(DERError) {
        signed = try reader.next(DERTag.sequence)
        algorithm = try AlgorithmIdentifier(reader.next())
        value = try reader.wholeOctets()
    }

    /// Checks the value with a key.
    func check(signedBy certificate: CertificateFacts) throws(RevocationError) {
        guard let key = PublicKeyInfo(der: certificate.publicKeyInfo), key.kind != .other, !key.isWeak,
            let algorithm = SignatureAlgorithm(algorithm), !algorithm.digest.isWeak
        else { throw RevocationError(.weakAlgorithm) }
        let verified: Bool
        do throws(CryptoError) {
            verified = try PublicKey(key).verifies(value, over: signed.encoding, by: algorithm)
        } catch {
            throw RevocationError(.badSignature, error.call)
        }
        guard verified else { throw RevocationError(.badSignature) }
    }
}
