// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The programs that wait before a person is asked for them again: one whose prompt was closed waits 1, 2, 4 … 60 seconds.
struct PromptDeferral {
    private struct Wait {
        var closed = 0
        var end: ContinuousClock.Instant
    }

    private static let longest: Duration = .seconds(60)
    /// After so much quiet a program begins anew.
    private static let memory: Duration = .seconds(600)
    /// The most marks that are kept; the one whose wait ended first goes.
    static let most = 256

    private var waits: [String: Wait] = [:]

    var isEmpty: Bool { waits.isEmpty }

    /// A person closed this requester's prompt.
    mutating func promptClosed(of requester: Requester, at now: ContinuousClock.Instant) {
        waits = waits.filter { $0.value.end + Self.memory > now }
        let times = 1 + (requester.marks.compactMap { waits[$0]?.closed }.max() ?? 0)
        let wait = times > 6 ? Self.longest : min(.seconds(1 << (times - 1)), Self.longest)
        for mark in requester.marks {
            if waits.count >= Self.most, waits[mark] == nil, let oldest = waits.min(by: { $0.value.end < $1.value.end })
            {
                waits[oldest.key] = nil
            }
            waits[mark] = Wait(closed: times, end: now + wait)
        }
    }

    /// A person has entered a PIN for this requester.
    mutating func pinTaken(for requester: Requester) {
        for mark in requester.marks { waits[mark] = nil }
    }

    /// How long the requester still has to wait, in whole seconds; nil where it need not.
    func secondsLeft(for requester: Requester, at now: ContinuousClock.Instant) -> Int64? {
        guard let end = requester.marks.compactMap({ waits[$0]?.end }).max(), end > now else { return nil }
        let left = now.duration(to: end)
        return left.components.seconds + (left.components.attoseconds > 0 ? 1 : 0)
    }
}
