// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The facts in memory about the card and the certificate before a job has looked.
public struct ApprovalFacts: Sendable, Equatable {
    public let validity: Validity
    /// Why the certificate is not usable, time aside.
    public let hindrances: [ErrorName]
    public let pinState: PINState

    public init(validity: Validity, hindrances: [ErrorName], pinState: PINState) {
        self.validity = validity
        self.hindrances = hindrances
        self.pinState = pinState
    }

    /// Throws what forbids an approval, before a person is asked for anything.
    func check(finalTry: Bool, at now: Int64) throws(ApprovalFailure) {
        if now < validity.notBefore { throw ApprovalFailure(.certificateNotYetValid) }
        if now >= validity.expiry { throw ApprovalFailure(.certificateExpired) }
        if let hindrance = hindrances.first { throw ApprovalFailure(hindrance) }
        try pinState.check(finalTry: finalTry)
    }
}
