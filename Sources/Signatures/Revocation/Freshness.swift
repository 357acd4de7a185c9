// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How old an answer about revocation may be.
public struct Freshness: Sendable, Equatable {
    /// How far the clocks of responder and reader may differ, seconds.
    public let skew: Int64
    /// How long an answer without nextUpdate counts, seconds. It says that newer information can always be had.
    public let maximumAge: Int64

    /// Five minutes of skew, one hour for answers without an end.
    public static let standard = Freshness(skew: 300, maximumAge: 3_600)

    /// Both in seconds.
    public init(skew: Int64, maximumAge: Int64) {
        self.skew = skew
        self.maximumAge = maximumAge
    }

    func check(thisUpdate: Int64, nextUpdate: Int64?, at time: Int64) throws(RevocationError) {
        guard thisUpdate <= time + skew else { throw RevocationError(.notYetCurrent) }
        let end = nextUpdate ?? thisUpdate + maximumAge
        guard end >= thisUpdate else { throw RevocationError(.malformed, "update-times") }
        guard time <= end + skew else { throw RevocationError(.stale) }
    }
}
