// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The purpose of a verification code. The raw value is the portal's word.
public enum Purpose: String, Codable, Sendable, CaseIterable {
    /// To sign in.
    case login
    /// To record a decision.
    case consent

    /// The word of the signed text's `Amaç` line.
    public var signedWord: String {
        switch self {
        case .login: "giriş"
        case .consent: "onay"
        }
    }
}
