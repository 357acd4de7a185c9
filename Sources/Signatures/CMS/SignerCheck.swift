// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore

/// Checks of one signer everything that the bytes themselves decide: attributes, certificate reference, key, value.
///
/// Goes on after the first fault, because a report names them all. A portal's further demands stand in
/// `SignerCheck+Strict.swift`.
struct SignerCheck {
    let signer: SignerInfo
    let contentType: ObjectIdentifier
    /// The signed content; nil where nobody has it.
    let content: [UInt8]?
    let rules: DERReader.Rules

    private(set) var reasons: [SignatureReason] = []
    private(set) var certificate: CertificateFacts?
    private(set) var signingTime: Int64?
    private(set) var digest: DigestAlgorithm?
    private(set) var level = SignerReport.Level.none
    private(set) var references: [SignerReference] = []

    init(_ signer: SignerInfo, contentType: ObjectIdentifier, content: [UInt8]?, rules: DERReader.Rules) {
        self.signer = signer
        self.contentType = contentType
        self.content = content
        self.rules = rules
    }

    mutating func fault(_ fault: SignatureFault, _ detail: String = "") {
        let reason = SignatureReason(fault, detail)
        if !reasons.contains(reason) { reasons.append(reason) }
    }

    /// Runs all checks against the certificates at hand.
    ///
    /// - Parameter unreadable: some of the container's certificates could not be read.
    mutating func run(certificates: [CertificateFacts], unreadable: Bool) {
        digest = signer.digestAlgorithm.digest
        if digest == nil { fault(.algorithmUnsupported, "digest") }
        if digest?.isWeak == true { fault(.digestWeak) }
        if let attributes = signer.attributes {
            checkContentType(attributes)
            checkDigest(attributes)
            readSigningTime(attributes)
            readReferences(attributes)
            checkAlgorithmProtection(attributes)
        } else {
            fault(.attributesMissing)
            if content == nil { fault(.contentMissing) }
        }
        find(among: certificates, unreadable: unreadable)
        if let certificate { checkValue(certificate) }
        if !references.isEmpty { level = signingTime == nil ? .basic : .baselineB }
    }

    /// The one value of an attribute; a repetition is noted here, an absence by the caller.
    private mutating func one(_ type: ObjectIdentifier, _ name: String, in attributes: SignedAttributes) -> DERElement?
    {
        switch attributes.value(type) {
        case .missing: return nil
        case .one(let element): return element
        case .repeated:
            fault(.attributeRepeated, name)
            return nil
        }
    }

    private mutating func checkContentType(_ attributes: SignedAttributes) {
        if !attributes.contains(.contentType) { fault(.contentTypeMissing) }
        guard let value = one(.contentType, "content-type", in: attributes) else { return }
        if value.tag != DERTag.objectIdentifier || !value.content.elementsEqual(contentType.content) {
            fault(.contentTypeMismatch)
        }
    }

    private mutating func checkDigest(_ attributes: SignedAttributes) {
        if !attributes.contains(.messageDigest) { fault(.messageDigestMissing) }
        let value = one(.messageDigest, "message-digest", in: attributes)
        guard let content else {
            fault(.contentMissing)
            return
        }
        guard let value, let digest else { return }
        if value.tag != DERTag.octetString {
            fault(.attributeMalformed, "message-digest")
        } else if !digest.hash(content).elementsEqual(value.content) {
            fault(.digestMismatch)
        }
    }

    private mutating func readSigningTime(_ attributes: SignedAttributes) {
        guard let value = one(.signingTime, "signing-time", in: attributes) else { return }
        do throws(DERError) {
            signingTime = try DERTime.seconds(value, rules: rules)
        } catch {
            fault(.attributeMalformed, "signing-time")
        }
    }

    private mutating func readReferences(_ attributes: SignedAttributes) {
        if !attributes.contains(.signingCertificate), !attributes.contains(.signingCertificateV2) {
            fault(.signingCertificateMissing)
        }
        for (version, type) in [(1, ObjectIdentifier.signingCertificate), (2, .signingCertificateV2)] {
            guard let value = one(type, "signing-certificate", in: attributes) else { continue }
            do throws(DERError) {
                if let reference = try SignerReference(value, version: version, rules: rules) {
                    references.append(reference)
                } else {
                    fault(.algorithmUnsupported, "signing-certificate")
                }
            } catch {
                fault(.attributeMalformed, "signing-certificate")
            }
        }
    }

    /// RFC 6211: the algorithms, repeated where the signature covers them.
    private mutating func checkAlgorithmProtection(_ attributes: SignedAttributes) {
        guard let value = one(.algorithmProtection, "algorithm-protection", in: attributes) else { return }
        do throws(DERError) {
            guard value.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
            var parts = DERReader(value.content, rules: rules)
            let digest = try AlgorithmIdentifier(parts.next(DERTag.sequence), rules: rules)
            let field = try parts.next(DERTag.contextConstructed(1))
            let signature = try AlgorithmIdentifier(content: field.content, rules: rules)
            try parts.expectEnd()
            if !digest.means(signer.digestAlgorithm) || !signature.means(signer.signatureAlgorithm) {
                fault(.algorithmMismatch, "algorithm-protection")
            }
        } catch {
            fault(.attributeMalformed, "algorithm-protection")
        }
    }

    /// The signer's certificate: named by the container, and the very one that the signed reference means.
    private mutating func find(among certificates: [CertificateFacts], unreadable: Bool) {
        let named = certificates.filter(signer.identifier.matches)
        // A container that names the signer wrongly still has the reference, which the signature covers.
        let meant = certificates.filter { certificate in
            !references.isEmpty && references.allSatisfy { $0.matchesHash(certificate) }
        }
        certificate =
            named.first { named in meant.contains(named) } ?? named.first ?? (rules == .der ? nil : meant.first)
        guard let certificate else {
            fault(unreadable ? .certificateUnreadable : .certificateMissing)
            return
        }
        if !references.allSatisfy({ $0.matches(certificate) }) { fault(.certificateMismatch) }
    }

    private mutating func checkValue(_ certificate: CertificateFacts) {
        guard let algorithm = SignatureAlgorithm(signer.signatureAlgorithm, digest: digest) else {
            fault(.algorithmUnsupported, "signature")
            return
        }
        if algorithm.digest.isWeak { fault(.digestWeak) }
        if let digest, algorithm.digest != digest { fault(.algorithmMismatch, "digest") }
        guard let key = PublicKeyInfo(der: certificate.publicKeyInfo), key.kind != .other else {
            fault(.keyUnsupported)
            return
        }
        if key.isWeak { fault(.keyWeak) }
        // RFC 5652, 5.4, signs the attributes in DER's order, whichever they are written in. Programs that sign them as they
        // are written exist, and that is the same set of attributes.
        let forms = signer.attributes.map { $0.isSorted ? [$0.signedBytes] : [$0.signedBytes, $0.receivedBytes] }
        guard let signed = forms ?? content.map({ [$0] }) else { return }
        do throws(LibcryptoError) {
            let key = try PublicKey(key)
            for form in signed {
                if try key.verifies(signer.signature, over: form, by: algorithm) { return }
            }
            fault(.signatureMismatch)
        } catch {
            fault(error.call == "d2i_PUBKEY" || error.call == "EVP_PKEY_public_check" ? .keyInvalid : .internalFailure)
        }
    }
}

extension SignerCheck {
    /// A portal's demands beyond a valid signature: each field of the container has the one value that fits.
    ///
    /// Parts that the signature does not cover (versions, the list of digests, the signer's name, order) could otherwise be
    /// changed by anyone on the way, and two different containers would stand for one declaration.
    mutating func runStrict(_ data: SignedData) {
        guard let attributes = signer.attributes else { return }
        if !attributes.isSorted { fault(.notDER, "attribute-order") }
        if signingTime == nil { fault(.signingTimeMissing) }
        if case .one = attributes.value(.signingCertificate) { fault(.versionOneReference) }
        if !attributes.contains(.signingCertificateV2) { fault(.signingCertificateMissing) }
        if references.contains(where: \.isWeak) { fault(.digestWeak, "signing-certificate") }
        // Of two values, one program reads the first and another the last.
        if attributes.repeatsTypes { fault(.attributeRepeated) }
        if signer.unsignedAttributes != nil { fault(.unexpectedParts, "unsigned-attributes") }
        if data.hasRevocationData { fault(.unexpectedParts, "revocation-data") }

        // Names are equal in many spellings. Parts that the signature does not cover must be as the certificate has them, or as the
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
        // The key decides the digest: a signer with a choice could choose badly, or be talked into it.
        let key = certificate.flatMap { PublicKeyInfo(der: $0.publicKeyInfo) }
        if let own = key?.kind.ownDigest, own != digest { fault(.algorithmMismatch, "digest-of-key") }
        // ecPublicKey names a key, no way of signing, and comes with parameters that nobody reads.
        let algorithm = signer.signatureAlgorithm
        if [.rsaPSS, .ecPublicKey].contains(algorithm.algorithm) { fault(.algorithmUnsupported, "signature") }
    }
}
