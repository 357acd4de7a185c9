// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How far the service is between its start and its end.
final class Lifecycle {
    private enum Phase { case made, begun, ending, ended }

    private var phase = Phase.made
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// The name is owned, and things happen by themselves.
    var hasBegun: Bool { phase == .begun }
    /// Nothing new begins.
    var isEnding: Bool { phase == .ending || phase == .ended }

    /// Whether things may happen by themselves from now on. They may not once the end has begun.
    func begin() -> Bool {
        guard !isEnding else { return false }
        phase = .begun
        return true
    }

    /// Whether it is the caller who has to end everything, and then to call ``end()``. Any other caller has waited for that end.
    func beginEnd() async -> Bool {
        guard isEnding else {
            phase = .ending
            return true
        }
        if phase != .ended { await withCheckedContinuation { waiting.append($0) } }
        return false
    }

    func end() {
        phase = .ended
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
