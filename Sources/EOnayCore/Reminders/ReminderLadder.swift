// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The days before a certificate's end at which its holder is reminded; 0 is the first second after the end.
public struct ReminderLadder: Sendable, Hashable {
    /// Each once, the earliest (most days) first.
    public let rungs: [Int]

    public static let usual = ReminderLadder(sorted: [30, 14, 7, 3, 1, 0])

    /// What a rung may be.
    public static let allowed = 0...365

    /// At most this many rungs.
    public static let longest = 32

    /// Takes the rungs in any order; nil where one is out of range, there are too many, or none.
    public init?(_ rungs: [Int]) {
        let rungs = Set(rungs)
        guard !rungs.isEmpty, rungs.count <= Self.longest, rungs.allSatisfy(Self.allowed.contains) else { return nil }
        self.rungs = rungs.sorted(by: >)
    }

    private init(sorted rungs: [Int]) { self.rungs = rungs }

    /// The second from which a rung is due.
    public func instant(of rung: Int, for validity: Validity) -> Int64 {
        rung == 0 ? validity.expiry : validity.instant(daysBeforeEnd: rung)
    }

    /// The newest rung that is due, the one that says how things stand now; nil where none is, or before the
    /// certificate's first second.
    public func newestDue(for validity: Validity, at now: Int64) -> Int? {
        guard now >= validity.notBefore else { return nil }
        return rungs.last { instant(of: $0, for: validity) <= now }
    }
}
