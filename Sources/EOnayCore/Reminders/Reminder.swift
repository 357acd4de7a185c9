// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One reminder that is due.
public struct Reminder: Sendable, Equatable {
    /// The certificate's id.
    public let certificate: String
    /// Days before the end.
    public let threshold: Int
    /// Whole days left, negative once expired.
    public let daysLeft: Int
    /// The thresholds that count as shown once this one is: it and the earlier ones.
    public let supersedes: [Int]

    public init(certificate: String, threshold: Int, daysLeft: Int, supersedes: [Int]) {
        self.certificate = certificate
        self.threshold = threshold
        self.daysLeft = daysLeft
        self.supersedes = supersedes
    }
}
