// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A person's decision about E-Onay. The raw value is the word of the bus and of the portal's calls.
public enum Decision: String, Codable, Sendable, CaseIterable {
    case accept
    case decline

    /// The words of the signed text's `Karar` line.
    public var signedWords: String {
        switch self {
        case .accept: "KABUL EDİYORUM"
        case .decline: "KABUL ETMİYORUM"
        }
    }

    /// The name of a recorded decision in `Status` and at the portal.
    public var recorded: String {
        switch self {
        case .accept: "accepted"
        case .decline: "declined"
        }
    }
}
