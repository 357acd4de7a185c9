// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Store

/// Which approval a handle-token names, as long as a repeated call can matter: until a day after its end.
struct HandleTokens {
    private struct Use {
        var number: Int64
        /// Nil while the approval goes on, or its object still stands.
        var endedAt: Int64?
    }

    private var uses: [String: Use] = [:]

    /// How many are remembered of approvals that have ended; the newest ends are.
    static let most = 4096

    init() {}

    /// Those of an earlier run.
    init(_ recalled: [String: Int64], at now: Int64) {
        uses = recalled.mapValues { Use(number: $0, endedAt: now) }
    }

    func number(of token: String, at now: Int64) -> Int64? {
        uses[token].flatMap { Self.matters($0, at: now) ? $0.number : nil }
    }

    mutating func begin(_ token: String, number: Int64) {
        uses[token] = Use(number: number, endedAt: nil)
    }

    /// The object of an approval goes, which ended then.
    mutating func end(_ token: String, number: Int64, at instant: Int64) {
        guard uses[token]?.number == number else { return }
        uses[token]?.endedAt = instant
    }

    mutating func prune(at now: Int64) {
        uses = uses.filter { Self.matters($0.value, at: now) }
        guard uses.count > Self.most else { return }
        let ended = uses.compactMap { use in use.value.endedAt.map { (use.key, $0) } }.sorted { $0.1 < $1.1 }
        for (token, _) in ended.prefix(uses.count - Self.most) { uses[token] = nil }
    }

    /// A clock that was ahead when it ended does not keep a token for longer.
    private static func matters(_ use: Use, at now: Int64) -> Bool {
        guard let endedAt = use.endedAt else { return true }
        return abs(now - endedAt) < Store.handleTokenLife
    }
}
