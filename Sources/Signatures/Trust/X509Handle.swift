// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// One X509 of libcrypto, freed with its owner.
struct X509Handle: ~Copyable {
    let pointer: OpaquePointer

    init(_ certificate: CertificateFacts) throws(CryptoError) {
        ERR_clear_error()
        pointer = try certificate.der.withUnsafeBufferPointer { bytes throws(CryptoError) in
            var position = bytes.baseAddress
            return try CryptoError.check(d2i_X509(nil, &position, bytes.count), "d2i_X509")
        }
    }

    deinit { X509_free(pointer) }
}
