// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Lets one signature after another be judged under a code, and so many in all: judging costs a chain and questions to
/// responders, and a refusal is counted only when it is over.
///
/// It is this process's own, and only saves work: what may be recorded is decided by the store.
actor JudgingDesk {
    private struct Line {
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var judged = 0
        /// When the code lapses, UTC seconds.
        let until: Int64
    }

    private var lines: [Data: Line] = [:]

    /// So many may wait for the one that is being judged.
    static let longestLine = 16
    /// So many are judged under one code. Three refusals end it, but an answer that a responder did not give is no refusal.
    static let most = 40

    /// Returns when it is this signature's turn; every return wants its `leave`. Throws too-many-requests.
    func enter(_ code: Data, until: Int64, at now: Int64) async throws {
        var line = lines[code] ?? Line(until: until)
        guard line.judged < Self.most else { throw PortalProblem.tooManyRequests(retryAfter: max(1, until - now)) }
        guard line.waiting.count < Self.longestLine else { throw PortalProblem.tooManyRequests(retryAfter: 1) }
        line.judged += 1
        guard line.isBusy else {
            line.isBusy = true
            lines[code] = line
            return
        }
        await withCheckedContinuation { turn in
            line.waiting.append(turn)
            lines[code] = line
        }
    }

    func leave(_ code: Data) {
        guard var line = lines[code] else { return }
        if line.waiting.isEmpty {
            line.isBusy = false
            lines[code] = line
        } else {
            let next = line.waiting.removeFirst()
            lines[code] = line
            next.resume()
        }
    }

    /// Forgets codes that have lapsed.
    func sweep(at now: Int64) {
        lines = lines.filter { $0.value.isBusy || $0.value.until > now }
    }
}
