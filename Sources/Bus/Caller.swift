// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

/// A caller: its waiting calls, and the octets that it has not read as far as that is known.
final class Caller: @unchecked Sendable {  // unchecked: used on the loop's thread only
    struct Call {
        let message: OpaquePointer
        let octets: Int
        let hasDescriptors: Bool
    }

    static let shortestPause: Duration = .milliseconds(2)

    let name: String
    /// Octets sent to it since it was last known to have read.
    var unread = 0
    /// Octets of signals that its calls have led to since the bus was last known to have passed them on.
    var caused = 0
    var isInRing = false
    var isAsking = false
    var pause = shortestPause
    var timer: LoopTimer?
    private(set) var waitingOctets = 0
    private var calls: [Call] = []
    /// The place of the oldest call that waits.
    private var head = 0
    private var round: UInt64 = 0
    private var used = 0

    init(_ name: String) { self.name = name }

    var isEmpty: Bool { head == calls.count }

    func append(_ call: Call) {
        calls.append(call)
        waitingOctets += call.octets
    }

    func next() -> Call? {
        guard !isEmpty else { return nil }
        let call = calls[head]
        head += 1
        waitingOctets -= call.octets
        // Given back in large pieces: an element at a time would move all the others.
        if isEmpty {
            (calls, head) = ([], 0)
        } else if head >= 1024 {
            calls.removeFirst(head)
            head = 0
        }
        return call
    }

    /// Octets that it has had in this round.
    func share(in round: UInt64) -> Int {
        if self.round != round { (self.round, used) = (round, 0) }
        return used
    }

    func addToShare(_ octets: Int) { used += octets }
}
