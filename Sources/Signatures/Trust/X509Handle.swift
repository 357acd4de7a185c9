// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// One X509 of libcrypto, freed with its owner.
struct X509Handle: ~Copyable {
    let pointer: OpaquePointer

    init(_ certificate: CertificateFacts) throws(CryptoError) {
        ERR_clear_error()
        pointer = try certificate.libraryForm.withUnsafeBufferPointer { bytes throws(CryptoError) in
            var position = bytes.baseAddress
            return try CryptoError.check(d2i_X509(nil, &position, bytes.count), "d2i_X509")
        }
    }

    deinit { X509_free(pointer) }
}

extension CertificateFacts {
    /// The certificate as libcrypto takes it.
    ///
    /// libcrypto compares the two places that name the signature's algorithm octet by octet, where RFC 5280, 4.1.1.2,
    /// compares what they mean. Where only the spelling differs, the outer one, which the signature does not cover, is
    /// written as the inner one.
    var libraryForm: [UInt8] {
        do throws(DERError) {
            var outer = DERReader(try DERReader.single(der[...], tag: DERTag.sequence).content)
            let body = try outer.next(DERTag.sequence)
            let algorithm = try outer.next(DERTag.sequence)
            var parts = DERReader(body.content)
            _ = try parts.optional(DERTag.contextConstructed(0))
            _ = try parts.next(DERTag.integer)
            let inner = try parts.next(DERTag.sequence)
            guard !inner.encoding.elementsEqual(algorithm.encoding),
                try AlgorithmIdentifier(inner).means(AlgorithmIdentifier(algorithm))
            else { return der }
            return DERWriter.sequence(Array(body.encoding), Array(inner.encoding), Array(outer.rest))
        } catch {
            return der
        }
    }

    /// The SHA-256 of `libraryForm`: `id`, unless the form is another.
    var libraryID: String {
        let form = libraryForm
        return form == der ? id : Hexadecimal.text(Digest.sha256.hash(form))
    }
}
