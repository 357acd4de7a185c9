// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A question for the courier to ask.
public enum PortalQuestion: Codable, Sendable, Equatable {
    case statement
    /// Begin a session for this person.
    case session(NationalIdentity)
    /// The purpose of this code.
    case code(VerificationCode)
    case submit(VerificationCode, signature: [UInt8])
    case confirm(number: String)
    /// Ask for a code for this decision on this version of the statement.
    case decide(Decision, version: String)
    /// File the application for a renewal.
    case apply
    /// Which is the newest application for a renewal?
    case newestApplication
}
