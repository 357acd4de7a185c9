// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How long to wait before a card that another program holds is looked at again: 1, 2, 4 … 60 seconds.
///
/// pcscd tells of no end of exclusive use, so this is the one thing that has to be asked again; it happens only while a card could not be
/// read for that reason.
struct RetryDelay: Equatable {
    private(set) var seconds: Int64 = 1

    /// The delay to use now; the next one is longer.
    mutating func next() -> Duration {
        defer { seconds = min(60, seconds * 2) }
        return .seconds(seconds)
    }
}
