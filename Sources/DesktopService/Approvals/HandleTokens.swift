// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
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

/// Tells whether two calls asked for the same: two independent FNV-1a sums over the arguments, each behind its length.
///
/// No defence against anybody: callers with one handle-token are one program that repeats itself.
struct ApprovalFingerprint {
    private var sums: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142)

    var bytes: [UInt8] {
        [sums.0, sums.1].flatMap { sum in (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) } }
    }

    mutating func add(_ text: String) {
        for octet in Array("\(text.utf8.count):".utf8) + Array(text.utf8) {
            sums.0 = (sums.0 ^ UInt64(octet)) &* 0x100_0000_01b3
            sums.1 = (sums.1 ^ UInt64(~octet)) &* 0x100_0000_01b3
        }
    }

    /// The fingerprint of a call. Descriptors are left out: a repeated call brings new ones.
    static func of(
        _ method: ServiceInterface.Method, certificate: String, what: String, options: ApprovalOptions
    ) -> [UInt8] {
        var fingerprint = ApprovalFingerprint()
        for text in [
            method.rawValue, certificate, what, "\(options.isBound)", options.portal ?? "-",
            options.identity?.digits ?? "-",
            "\(options.wait)", "\(options.isInteractive)", "\(options.finalTry)", "\(options.confirms)",
            "\(options.pin != nil)",
            "\(options.terminal != nil)", options.locale ?? "-",
        ] + SessionDisplay.variables.map({ options.display.environment[$0] ?? "-" }) {
            fingerprint.add(text)
        }
        return fingerprint.bytes
    }
}
