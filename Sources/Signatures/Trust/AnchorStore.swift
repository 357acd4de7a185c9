// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// The X509_STORE behind a `TrustStore`, made once, because reading thirty anchors costs more than checking a chain.
final class AnchorStore: @unchecked Sendable {
    // Sendable: filled in init and only read afterwards; X509_STORE takes its own lock when chains are built from it.
    let pointer: OpaquePointer
    /// The ids of those that libcrypto cannot read; they are left out.
    let unreadable: Set<String>

    init(_ anchors: [CertificateFacts]) {
        guard let store = X509_STORE_new() else { preconditionFailure("X509_STORE_new: no memory") }
        pointer = store
        var unreadable: Set<String> = []
        for anchor in anchors {
            do throws(CryptoError) {
                let certificate = try X509Handle(anchor)
                // The store takes a reference of its own.
                try CryptoError.check(X509_STORE_add_cert(store, certificate.pointer), "X509_STORE_add_cert")
            } catch {
                unreadable.insert(anchor.id)
            }
        }
        self.unreadable = unreadable
    }

    deinit { X509_STORE_free(pointer) }
}
