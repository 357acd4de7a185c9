// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a signature says of its signer's certificate, inside what it signs (RFC 2634, 5.4; RFC 5035, 3).
///
/// Without it, the certificate in the container could be exchanged for another one over the same key.
struct CertificateReference {
    private let digest: Digest
    private let hash: ArraySlice<UInt8>
    /// The general names and the serial number of the issuer, where they are given.
    private let issuerSerial: (issuer: [ArraySlice<UInt8>], serial: ArraySlice<UInt8>)?

    /// Reads the first reference of a SigningCertificate (version 1, always SHA-1) or SigningCertificateV2.
    ///
    /// nil where the digest is unknown.
    init?(_ attribute: DERElement, version: Int, rules: DERReader.Rules) throws(DERError) {
        guard attribute.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(attribute.content, rules: rules)
        var list = parts.inside(try parts.next(DERTag.sequence))
        var reference = parts.inside(try list.next(DERTag.sequence))
        if version == 1 {
            digest = .sha1
        } else if let algorithm = try reference.optional(DERTag.sequence) {
            guard let named = try AlgorithmIdentifier(algorithm, rules: rules).digest else { return nil }
            digest = named
        } else {
            digest = .sha256
        }
        hash = try reference.octetString()
        guard let pair = try reference.optional(DERTag.sequence) else {
            issuerSerial = nil
            return
        }
        var issuerAndSerial = parts.inside(pair)
        var names = parts.inside(try issuerAndSerial.next(DERTag.sequence))
        let issuer = try names.all(limit: 16).filter { $0.tag == DERTag.contextConstructed(4) }.map(\.content)
        issuerSerial = (issuer, try issuerAndSerial.integerOctets())
    }

    /// The hash can be had for two certificates at once.
    var isWeak: Bool { digest.isWeak }

    /// Whether an issuer stands in it in this very spelling.
    func spells(_ issuer: [UInt8]) -> Bool {
        issuerSerial?.issuer.contains { $0.elementsEqual(issuer) } == true
    }

    func matchesHash(_ certificate: CertificateFacts) -> Bool {
        digest.hash(certificate.der).elementsEqual(hash)
    }

    /// Whether the reference names this certificate, by hash and, where given, by issuer and serial number.
    func matches(_ certificate: CertificateFacts) -> Bool {
        guard matchesHash(certificate) else { return false }
        guard let issuerSerial else { return true }
        return issuerSerial.serial.elementsEqual(certificate.serialOctets)
            && issuerSerial.issuer.contains { certificate.issuer.names($0) }
    }
}
