// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// How the record stands: whether what happens is kept, and by whom.
struct RecordKeeping {
    /// The contract's words.
    enum State: String {
        case kept
        case readOnly = "read-only"
        case unavailable
    }

    private(set) var state = State.unavailable
    /// Why nothing is kept; nil while it is.
    private(set) var trouble: StoreError?
    /// Somebody looks whether that has changed.
    var isLooking = false
    /// The approvals of earlier runs have their objects, or their ends.
    var hasRecalled = false
    /// When the record was last cleared of what is too old.
    var prunedAt: Int64?
    /// Numbers that no other approval will get.
    private var numbers: Range<Int64> = 0..<0
    /// More numbers are on their way.
    var isReserving = false

    /// So many numbers are taken at once.
    static let reserve: Int64 = 64

    /// Another process keeps it.
    var isAnothers: Bool { trouble?.code == .inUse }

    /// What an approval is refused with while nothing is kept.
    var refusal: ErrorName { isAnothers ? .stateInUse : .storeFailed }

    /// What stands in the way, for who has to look closer.
    var detail: String {
        guard let trouble else { return "" }
        return trouble.holder.map { "process \($0)" } ?? trouble.code.rawValue
    }

    mutating func isKept() { (state, trouble) = (.kept, nil) }

    mutating func isLost(_ state: State, because trouble: StoreError) { (self.state, self.trouble) = (state, trouble) }

    var needsNumbers: Bool { numbers.count < Self.reserve / 2 }

    /// Adds numbers that were taken from the record. Those that are left are older: they come first, or are left out.
    mutating func take(_ more: Range<Int64>) {
        numbers = numbers.upperBound == more.lowerBound ? numbers.lowerBound..<more.upperBound : more
    }

    mutating func nextNumber() -> Int64? {
        guard let number = numbers.first else { return nil }
        numbers = (number + 1)..<numbers.upperBound
        return number
    }
}
