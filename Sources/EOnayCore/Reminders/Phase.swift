// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Where a certificate stands in its life. The raw value is the word of the bus.
public enum Phase: String, Sendable, CaseIterable {
    /// Its first second lies ahead. This is a state of its own: a new card's certificate may start in the future.
    case notYetValid = "not-yet-valid"
    case valid
    /// Good, and so near its end that it should be renewed: once it has ended, it cannot be renewed electronically.
    case renewalDue = "renewal-due"
    case expired
}
