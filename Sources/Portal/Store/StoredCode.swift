// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation

/// A code as it is stored.
struct StoredCode: Sendable, Equatable {
    /// HMAC of the digits.
    let digest: Data
    let session: Int64
    let purpose: Purpose
    /// The digits, sealed: the session's holder can be shown them again.
    let sealedDigits: Data
    let declared: DeclaredVersion?
    let issuedAt: Int64
    let expiresAt: Int64
    /// Signatures that were refused.
    let refusals: Int
    /// Why the last signature under it was not taken: the problem's name.
    let lastProblem: String?
    /// Ended before its time: by refusals, or by a later code of its session.
    let isEnded: Bool
    /// SHA-256 of the signature that used it.
    let usedBy: Data?
    /// The record that it became.
    let reference: String?

    /// What a consent code is for. The words are kept with the statement's version.
    struct DeclaredVersion: Sendable, Equatable {
        let decision: Decision
        let version: String
    }

    /// Whether a signature can still be posted under it.
    func isOpen(at now: Int64) -> Bool { usedBy == nil && !isEnded && now < expiresAt }
}

/// A code that is to be issued.
struct NewCode: Sendable {
    let digest: Data
    let purpose: Purpose
    let sealedDigits: Data
    let declared: StoredCode.DeclaredVersion?
    let issuedAt: Int64
    let expiresAt: Int64
    /// Until when the session lives with it.
    let sessionLivesUntil: Int64
}
