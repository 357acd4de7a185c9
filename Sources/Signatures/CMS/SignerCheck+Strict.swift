// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension SignerCheck {
    /// What a portal asks for beyond a valid signature: each field of the container has the one value that fits.
    ///
    /// Whatever the signature does not cover (versions, the list of digests, the signer's name, order) could otherwise be
    /// changed by anyone on the way, and two different containers would stand for one declaration.
    mutating func runStrict(_ data: SignedData) {
        guard let attributes = signer.attributes else { return }
        if !attributes.isSorted { fault(.notDER, "attribute-order") }
        if signingTime == nil { fault(.signingTimeMissing) }
        if case .one = attributes.value(.signingCertificate) { fault(.versionOneReference) }
        if case .missing = attributes.value(.signingCertificateV2) { fault(.signingCertificateMissing) }
        if references.contains(where: \.isWeak) { fault(.digestWeak, "signing-certificate") }
        // Of two values, one program reads the first and another the last.
        if attributes.repeatsTypes { fault(.attributeRepeated) }
        if signer.unsignedAttributes != nil { fault(.unexpectedParts, "unsigned-attributes") }
        if data.hasRevocationData { fault(.unexpectedParts, "revocation-data") }

        // Names are equal in many spellings. What the signature does not cover must be as the certificate has it, or as the
        // signed reference does.
        if case .issuerAndSerial(let issuer, _) = signer.identifier, issuer.der != certificate?.issuer.der,
            !references.contains(where: { $0.spells(issuer.der) })
        {
            fault(.certificateMismatch, "issuer-name")
        }
        let version =
            if case .issuerAndSerial = signer.identifier { 1 } else { 3 }
        if signer.version != version || data.version != version { fault(.notDER, "version") }
        let named = data.digestAlgorithms
        if named.count != 1 || named.first?.digest == nil || named.first?.digest != digest {
            fault(.algorithmMismatch, "digest-algorithms")
        }
        // The key decides the digest: a choice would be the signer's to get wrong, or another's to talk him into.
        let key = certificate.flatMap { PublicKeyInfo(der: $0.publicKeyInfo) }
        if let own = key?.kind.ownDigest, own != digest { fault(.algorithmMismatch, "digest-of-key") }
        // ecPublicKey names a key, no way of signing, and comes with parameters that nobody reads.
        let algorithm = signer.signatureAlgorithm
        if [.rsaPSS, .ecPublicKey].contains(algorithm.algorithm) { fault(.algorithmUnsupported, "signature") }
    }
}
