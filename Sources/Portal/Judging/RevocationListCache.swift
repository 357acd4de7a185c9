// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Signatures

/// Revocation lists that were fetched and checked, each kept until a newer one is due. A list is fetched once, however many
/// signatures wait for it.
actor RevocationListCache {
    private struct Key: Hashable {
        let address: String
        let issuer: String
    }

    private var kept: [Key: RevocationList] = [:]
    private var fetching: [Key: Task<RevocationList, any Error>] = [:]

    /// So many addresses; authorities have a handful.
    private static let limit = 64

    /// The list of an address: the one that is kept while it is the newest, else what `fetch` brings.
    func list(
        _ address: String, issuer: CertificateFacts, at time: Int64,
        fetch: @escaping @Sendable () async throws -> RevocationList
    ) async throws -> RevocationList {
        let key = Key(address: address, issuer: issuer.id)
        if let list = kept[key], let next = list.nextUpdate, time < next { return list }
        if let fetching = fetching[key] { return try await fetching.value }
        let task = Task { try await fetch() }
        fetching[key] = task
        defer { fetching[key] = nil }
        let list = try await task.value
        // An older one than what is known is somebody's replay.
        if let known = kept[key], known.thisUpdate > list.thisUpdate { return known }
        if kept.count >= Self.limit { kept.removeAll() }
        kept[key] = list
        return list
    }
}
