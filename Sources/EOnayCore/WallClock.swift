// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Tells the time of day. The rules never ask one themselves: whoever asks them hands in the instant.
public protocol WallClock: Sendable {
    /// UTC seconds since 1970.
    func now() -> Int64
}
