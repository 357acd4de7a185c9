// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Walks the record chain and finds every record that was changed or is missing.
struct RecordAuditor {
    let store: any PortalStore
    let keys: PortalKeys

    struct Finding: Sendable, Equatable {
        /// How many records there are.
        var count: Int64 = 0
        var faults: [String] = []
        var head = ChainHead.empty
    }

    /// Walks one state of the database, even if the portal records more meanwhile.
    ///
    /// - Parameter expected: a head that was noted elsewhere, from the log or an earlier audit. Without one, a chain that
    ///   was reset to an older state as a whole has no fault.
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

        /// False for a row without a place in the chain.
        private mutating func step(
            to sequence: Int64, _ link: Data, judge: (inout Finding, ChainHead) -> Void
        ) -> Bool {
            // A row that was added under a number that no record has.
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
    /// Whether the portal wrote this record, with these contents and at this place.
    func hasLinked(_ record: StoredRecord) -> Bool {
        equalInConstantTime(
            link(record.draft.linked(to: record.previous, sequence: record.sequence)), record.link)
    }
}
