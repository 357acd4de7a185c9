// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How OCSP names a certificate: by hashes of its issuer's name and key, and its serial number (RFC 6960, 4.1.1).
struct OCSPCertificateID {
    private let digest: Digest
    private let nameHash: [UInt8]
    private let keyHash: [UInt8]
    private let serial: [UInt8]

    /// SHA-1, which every responder knows (RFC 5019, 2.1.1) and which here only names what is asked for.
    init(_ certificate: CertificateFacts, issuer: CertificateFacts, digest: Digest = .sha1) {
        self.digest = digest
        nameHash = digest.hash(certificate.issuer.der)
        keyHash = digest.hash(PublicKeyInfo(der: issuer.publicKeyInfo)?.keyOctets ?? [])
        serial = certificate.serialOctets
    }

    /// Reads the one in an answer; nil where its digest is unknown.
    init?(_ element: DERElement) throws(DERError) {
        guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(element.content)
        guard let digest = try AlgorithmIdentifier(parts.next()).digest else { return nil }
        self.digest = digest
        nameHash = Array(try parts.octetString())
        keyHash = Array(try parts.octetString())
        serial = Array(try parts.integerOctets())
        try parts.expectEnd()
    }

    func names(_ certificate: CertificateFacts, issuer: CertificateFacts) -> Bool {
        let expected = OCSPCertificateID(certificate, issuer: issuer, digest: digest)
        guard keyHash == expected.keyHash && serial == expected.serial else { return false }
        // The name is the issuer's as the certificate spells it; responders also take it as the issuer spells it.
        return nameHash == expected.nameHash
            || (certificate.issuer.names(issuer.subject) && nameHash == digest.hash(issuer.subject.der))
    }

    var der: [UInt8] {
        DERWriter.sequence(
            AlgorithmIdentifier.encoded(digest.identifier, null: true), DERWriter.octetString(nameHash),
            DERWriter.octetString(keyHash), DERWriter.element(DERTag.integer, serial))
    }
}
