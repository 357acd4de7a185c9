// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// The readiness of a descriptor, or the one it is watched for.
///
/// `error` and `hangUp` are always reported and need not be asked for.
public struct Readiness: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // The bits are those of libdbus' DBusWatchFlags.
    public static let readable = Readiness(rawValue: 1)
    public static let writable = Readiness(rawValue: 2)
    public static let error = Readiness(rawValue: 4)
    public static let hangUp = Readiness(rawValue: 8)

    init(events: UInt32) {
        var readiness: Readiness = []
        if events & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
        if events & EPOLLERR.rawValue != 0 { readiness.insert(.error) }
        if events & EPOLLHUP.rawValue != 0 { readiness.insert(.hangUp) }
        self = readiness
    }

    var events: UInt32 {
        var events: UInt32 = 0
        if contains(.readable) { events |= EPOLLIN.rawValue }
        if contains(.writable) { events |= EPOLLOUT.rawValue }
        return events
    }
}
