// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A clock for the time of day. The rules never ask one themselves: their callers hand in the instant.
public protocol WallClock: Sendable {
    /// UTC seconds since 1970.
    func now() -> Int64
}
