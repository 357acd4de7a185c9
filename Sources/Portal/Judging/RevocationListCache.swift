// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Signatures
import Synchronization

/// Revocation lists that were fetched and checked, each kept until a newer one is due.
final class RevocationListCache: Sendable {
    private struct Key: Hashable {
        let address: String
        let issuer: String
    }

    private let lists = Mutex<[Key: RevocationList]>([:])

    /// So many addresses; authorities have a handful.
    private static let limit = 64

    /// The list of an address, if it is still the newest.
    func list(_ address: String, issuer: CertificateFacts, at time: Int64) -> RevocationList? {
        let kept = lists.withLock { $0[Key(address: address, issuer: issuer.id)] }
        guard let kept, let next = kept.nextUpdate, time < next else { return nil }
        return kept
    }

    func keep(_ list: RevocationList, _ address: String, issuer: CertificateFacts) {
        lists.withLock { lists in
            if lists.count >= Self.limit { lists.removeAll() }
            lists[Key(address: address, issuer: issuer.id)] = list
        }
    }
}
