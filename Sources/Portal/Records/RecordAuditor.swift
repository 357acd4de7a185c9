// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Walks the record chain and finds any record that was changed, or is missing.
struct RecordAuditor {
    let store: any PortalStore
    let keys: PortalKeys

    /// What a walk found.
    struct Finding: Sendable, Equatable {
        /// Records that were looked at.
        var count: Int64 = 0
        /// One line for each fault.
        var faults: [String] = []
        var head = ChainHead.empty
    }

    /// - Parameter expected: a head that was noted down elsewhere, from the log or an earlier audit: without one, a chain
    ///   that was put back to an older state as a whole looks whole.
    func audit(expecting expected: ChainHead? = nil) async throws -> Finding {
        var finding = Finding()
        var last = ChainHead.empty
        var hasMetExpected = expected == nil || expected == .empty
        // From before the first: what was slipped in under a number that none has is found, too.
        var place = Int64.min
        while true {
            let records = try await store.records(after: place, atMost: 500)
            guard !records.isEmpty else { break }
            for record in records {
                finding.count += 1
                place = record.sequence
                guard record.sequence > 0 else {
                    finding.faults.append("none of the portal's: \(record.sequence)")
                    continue
                }
                if record.sequence != last.sequence + 1 {
                    finding.faults.append("missing: \(last.sequence + 1) to \(record.sequence - 1)")
                }
                if !keys.hasLinked(record) {
                    finding.faults.append("changed: \(record.sequence)")
                } else if record.previous != last.link, record.sequence == last.sequence + 1 {
                    finding.faults.append("not the successor of the one before: \(record.sequence)")
                }
                last = ChainHead(sequence: record.sequence, link: record.link)
                if last == expected { hasMetExpected = true }
            }
        }
        finding.head = try await store.chainHead()
        if finding.head != last {
            finding.faults.append("missing: the last, \(last.sequence + 1) to \(finding.head.sequence)")
        }
        if !hasMetExpected { finding.faults.append("the expected head is not in the chain") }
        return finding
    }
}
