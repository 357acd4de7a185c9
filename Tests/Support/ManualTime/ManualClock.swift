// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
internal import Synchronization

/// A clock that stands still until it is moved: 400 days pass in a test.
public final class ManualClock: WallClock {
    private let seconds: Atomic<Int64>

    /// A clock that shows `instant`, UTC seconds since 1970.
    public init(_ instant: Int64) { seconds = Atomic(instant) }

    public func now() -> Int64 { seconds.load(ordering: .sequentiallyConsistent) }

    /// Sets the clock, forward or back.
    public func set(_ instant: Int64) { seconds.store(instant, ordering: .sequentiallyConsistent) }

    /// Lets `interval` seconds pass.
    public func advance(by interval: Int64) {
        seconds.wrappingAdd(interval, ordering: .sequentiallyConsistent)
    }
}
