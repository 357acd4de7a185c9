// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Reads a certificate's fields (RFC 5280, 4.1) and hands its extensions to `CertificateExtensions`.
struct CertificateReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func facts() throws(CertificateError) -> CertificateFacts {
        guard bytes.count <= CertificateFacts.maximumLength else { throw CertificateError(code: .tooLarge, detail: "") }
        let certificate = try part("certificate") { () throws(DERError) in try outermost() }
        var body = try part("certificate") { () throws(DERError) in
            var reader = DERReader(certificate.content)
            let body = try reader.next(DERTag.sequence)
            _ = try reader.next(DERTag.sequence)
            _ = try reader.next(DERTag.bitString)
            try reader.expectEnd()
            return DERReader(body.content)
        }
        let serial = try part("serial number") { () throws(DERError) in
            _ = try body.optional(DERTag.contextConstructed(0))
            let serial = try body.integerOctets()
            _ = try body.next(DERTag.sequence)
            return serial
        }
        let issuer = try part("issuer") { () throws(DERError) in try DistinguishedName(body.next(DERTag.sequence)) }
        let (notBefore, notAfter) = try part("validity") { () throws(DERError) in
            var validity = DERReader(try body.next(DERTag.sequence).content)
            return (try validity.time(), try validity.time())
        }
        let subject = try part("subject") { () throws(DERError) in try DistinguishedName(body.next(DERTag.sequence)) }
        let key = try part("public key") { () throws(DERError) in try body.next(DERTag.sequence).encoding }
        let extensions = try part("extensions") { () throws(DERError) in
            _ = try body.optional(DERTag.context(1))
            _ = try body.optional(DERTag.context(2))
            let extensions = try CertificateExtensions(body.optional(DERTag.contextConstructed(3)))
            try body.expectEnd()
            return extensions
        }
        let der = Array(certificate.encoding)
        return CertificateFacts(
            der: der, id: Hexadecimal.text(Digest.sha256.hash(der)), subject: subject, issuer: issuer,
            serialNumber: Hexadecimal.text(serial.count > 1 && serial.first == 0 ? serial.dropFirst() : serial),
            notBefore: notBefore, notAfter: notAfter, keyType: PublicKeyInfo(der: key)?.keyType ?? .other,
            keyUsage: extensions.keyUsage, extendedKeyUsage: extensions.extendedKeyUsage, policies: extensions.policies,
            statements: extensions.statements, ocsp: extensions.ocsp, crl: extensions.crl,
            issuerCertificates: extensions.issuerCertificates, isAuthority: extensions.isAuthority,
            pathLength: extensions.pathLength, isTest: extensions.speaksOfTests || Self.isTest(subject, issuer),
            subjectKeyIdentifier: extensions.subjectKeyIdentifier,
            authorityKeyIdentifier: extensions.authorityKeyIdentifier, unreadableExtensions: extensions.unreadable,
            unknownCriticalExtensions: extensions.unknownCritical,
            distributionPoints: extensions.distributionPoints, publicKeyInfo: Array(key),
            serialOctets: Array(serial))
    }

    /// The certificate's element; what follows it may only be the padding of a card's fixed-length file.
    private func outermost() throws(DERError) -> DERElement {
        var reader = DERReader(bytes[...])
        let element = try reader.next(DERTag.sequence)
        guard reader.rest.allSatisfy({ $0 == 0 }) else { throw DERError(.trailingBytes) }
        return element
    }

    private func part<Value>(
        _ name: String, _ read: () throws(DERError) -> Value
    ) throws(CertificateError) -> Value {
        do throws(DERError) {
            return try read()
        } catch {
            throw CertificateError(code: .malformed, detail: "\(name): \(error.code)")
        }
    }

    /// Kamu SM ends the common names of its test authorities so.
    private static func isTest(_ names: DistinguishedName...) -> Bool {
        names.contains { $0.commonName?.contains("- TEST") == true }
    }
}
