// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A decision that came to an end, as `History` tells it and `Status` reckons with it.
public struct HistoryEntry: Sendable, Equatable {
    /// UTC seconds since 1970.
    public var at: Int64
    public var certificate: String
    public var identityKey: [UInt8]
    /// "accept" or "decline".
    public var decision: String
    /// "recorded", "failed", "cancelled" or "unknown".
    public var result: String
    public var portal: String
    /// The portal's reference; "" where none.
    public var reference: String

    public init(
        at: Int64, certificate: String, identityKey: [UInt8], decision: String, result: String, portal: String,
        reference: String
    ) {
        self.at = at
        self.certificate = certificate
        self.identityKey = identityKey
        self.decision = decision
        self.result = result
        self.portal = portal
        self.reference = reference
    }
}
