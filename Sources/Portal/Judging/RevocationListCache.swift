// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Signatures

/// Revocation lists that were fetched and checked, each kept until a newer one is due. A list is fetched once, however many
/// signatures wait for it, and read and hashed once, however often it is fetched.
actor RevocationListCache {
    /// A list, with what the store knows it by.
    struct Fetched: Sendable {
        let list: RevocationList
        let known: KnownList
    }

    private struct Key: Hashable {
        let address: String
        let issuer: String
    }

    private struct Kept {
        let fetched: Fetched
        /// Before this it is not asked for again, even if it is overdue: its authority may be late.
        let notBefore: Int64
    }

    private var kept: [Key: Kept] = [:]
    private var fetching: [Key: Task<Fetched, any Error>] = [:]

    /// So many addresses; authorities have a handful.
    private static let limit = 64
    /// Seconds until an overdue list is asked for again. It may have megabytes.
    private static let pause: Int64 = 30

    /// The list of an address: the one that is kept while it is the newest, else what `fetch` brings. An overdue one is
    /// better than none: what it says of a revocation stays true.
    func list(
        _ address: String, issuer: CertificateFacts, at time: Int64,
        fetch: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> Fetched {
        let key = Key(address: address, issuer: issuer.id)
        let known = kept[key]
        if let known {
            let isCurrent = known.fetched.list.nextUpdate.map { time < $0 } ?? false
            if isCurrent || time < known.notBefore { return known.fetched }
        }
        if let fetching = fetching[key] { return try await fetching.value }
        let task = Task { try await Self.read(try await fetch(), issuer: issuer, known: known?.fetched) }
        fetching[key] = task
        defer { fetching[key] = nil }
        var newest: Fetched
        do {
            newest = try await task.value
        } catch {
            guard let known = kept[key]?.fetched else { throw error }
            newest = known
        }
        // An older one than what is known is somebody's replay.
        if let known = kept[key]?.fetched, known.list.thisUpdate > newest.list.thisUpdate { newest = known }
        if kept.count >= Self.limit { kept.removeAll() }
        kept[key] = Kept(fetched: newest, notBefore: time + Self.pause)
        return newest
    }

    /// Off the actor: a list of megabytes takes a while.
    @concurrent private static func read(
        _ octets: [UInt8], issuer: CertificateFacts, known: Fetched?
    ) async throws -> Fetched {
        // The same file again: to compare it is a hundredth of reading it.
        if let known, known.known.der == octets { return known }
        let list = try RevocationList(octets, issuer: issuer, takesParts: true)
        return Fetched(list: list, known: KnownList(list.der))
    }
}
