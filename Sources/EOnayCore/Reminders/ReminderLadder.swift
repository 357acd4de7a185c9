// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The days before a certificate's end at which its holder is reminded; 0 is the first second after the end.
public struct ReminderLadder: Sendable, Hashable {
    /// Each once, the earliest (most days) first.
    public let thresholds: [Int]

    public static let usual = ReminderLadder(sorted: [30, 14, 7, 3, 1, 0])

    /// The range of a threshold.
    public static let allowed = 0...365

    /// At most this many thresholds.
    public static let longest = 32

    /// Takes the thresholds in any order; nil where one is out of range, there are too many, or none.
    public init?(_ thresholds: [Int]) {
        let thresholds = Set(thresholds)
        guard !thresholds.isEmpty, thresholds.count <= Self.longest, thresholds.allSatisfy(Self.allowed.contains) else {
            return nil
        }
        self.thresholds = thresholds.sorted(by: >)
    }

    private init(sorted thresholds: [Int]) { self.thresholds = thresholds }

    /// The second from which a threshold is due.
    public func instant(of threshold: Int, for validity: Validity) -> Int64 {
        threshold == 0 ? validity.expiry : validity.instant(daysBeforeEnd: threshold)
    }

    /// The newest threshold that is due; nil where none is, and before the certificate's first second.
    public func newestDue(for validity: Validity, at now: Int64) -> Int? {
        guard now >= validity.notBefore else { return nil }
        return thresholds.last { instant(of: $0, for: validity) <= now }
    }
}
