// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One reminder that is due.
public struct Reminder: Sendable, Equatable {
    /// The certificate's id.
    public let certificate: String
    public let rung: Int
    /// Whole days left, negative once expired.
    public let daysLeft: Int
    /// The rungs that count as told once this one is shown: it and the earlier ones.
    public let settles: [Int]

    public init(certificate: String, rung: Int, daysLeft: Int, settles: [Int]) {
        self.certificate = certificate
        self.rung = rung
        self.daysLeft = daysLeft
        self.settles = settles
    }
}
