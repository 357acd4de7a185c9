// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import TestBench
import Testing

@testable import Store

extension TemporaryFolder {
    var state: String { file("state") }
    var database: String { file("state/eonay.db") }
}

/// Hands `body` an open store in `folder`, and closes it and its thread afterwards.
func withStore(
    in folder: TemporaryFolder, expecting opening: Store.Opening? = nil, _ body: (Store) async throws -> Void
) async throws {
    let thread = try BlockingThread(name: "store")
    let store = Store(folder: folder.state, thread: thread)
    do {
        let found = try await store.open()
        if let opening { #expect(found == opening) }
        try await body(store)
        await store.close()
        thread.stop()
    } catch {
        await store.close()
        thread.stop()
        throw error
    }
}

extension KnownCertificate {
    static func example(_ number: Int = 1, lastSeen: Int64 = 2000) -> KnownCertificate {
        KnownCertificate(
            id: "c\(number)", holder: "İbrahim Şığ", maskedIdentity: "100********", identityKey: [1, 2, 3],
            issuer: "Test Kök", issuerKey: "c0ffee", serialNumber: "0a", notBefore: 1000, notAfter: 9000,
            keyType: "rsa-2048",
            qualified: true, kind: "seal", hindrances: ["NotQualified", "CertificateExpired"], firstSeen: 1500,
            lastSeen: lastSeen)
    }
}

extension StoredApproval {
    static func example(_ number: Int64 = 1, token: String? = nil, identityKey: [UInt8] = [1, 2, 3]) -> StoredApproval {
        StoredApproval(
            number: number, kind: .approve, handleToken: token, fingerprint: [7, 0, 7], certificate: "c1",
            identityKey: identityKey, portal: "https://portal.example.org", startedAt: 5000, decision: "accept",
            state: "checking")
    }
}
