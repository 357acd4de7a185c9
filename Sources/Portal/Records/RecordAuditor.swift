// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

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

    /// Looks at one state of the database, however much is recorded meanwhile.
    ///
    /// - Parameter expected: a head that was noted down elsewhere, from the log or an earlier audit: without one, a chain
    ///   that was put back to an older state as a whole looks whole.
    func audit(expecting expected: ChainHead? = nil) async throws -> Finding {
        let walk = Mutex(Walk(expected: expected))
        let head = try await store.walk { [keys] record in walk.withLock { $0.meet(record, keys) } }
        return walk.withLock { $0.end(at: head) }
    }

    /// The way along the chain, record by record.
    private struct Walk {
        private let expected: ChainHead?
        private var finding = Finding()
        private var last = ChainHead.empty
        private var hasMetExpected: Bool

        init(expected: ChainHead?) {
            self.expected = expected
            hasMetExpected = expected == nil || expected == .empty
        }

        mutating func meet(_ walked: WalkedRecord, _ keys: PortalKeys) {
            finding.count += 1
            switch walked {
            case .readable(let record):
                let isNext = step(to: record.sequence, record.link) { finding, last in
                    if !keys.hasLinked(record) {
                        finding.faults.append("changed: \(record.sequence)")
                    } else if record.previous != last.link, record.sequence == last.sequence + 1 {
                        finding.faults.append("not the successor of the one before: \(record.sequence)")
                    }
                }
                if isNext, last == expected { hasMetExpected = true }
            case .unreadable(let sequence, let link):
                _ = step(to: sequence, link) { finding, _ in finding.faults.append("changed: \(sequence)") }
            }
        }

        /// False for what has no place in the chain.
        private mutating func step(
            to sequence: Int64, _ link: Data, judge: (inout Finding, ChainHead) -> Void
        ) -> Bool {
            // What was slipped in under a number that none has is found, too.
            guard sequence > 0 else {
                finding.faults.append("none of the portal's: \(sequence)")
                return false
            }
            if sequence != last.sequence + 1 {
                finding.faults.append("missing: \(last.sequence + 1) to \(sequence - 1)")
            }
            judge(&finding, last)
            last = ChainHead(sequence: sequence, link: link)
            return true
        }

        mutating func end(at head: ChainHead) -> Finding {
            finding.head = head
            if head != last { finding.faults.append("missing: the last, \(last.sequence + 1) to \(head.sequence)") }
            if !hasMetExpected { finding.faults.append("the expected head is not in the chain") }
            return finding
        }
    }
}

extension PortalKeys {
    /// Whether the portal wrote this record, as it is and where it is.
    func hasLinked(_ record: StoredRecord) -> Bool {
        equalInConstantTime(
            link(record.draft.linked(to: record.previous, sequence: record.sequence)), record.link)
    }
}
