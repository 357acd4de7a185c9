// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What the token job found when it made ready to sign.
public struct ApprovalSigner: Sendable, Equatable {
    /// The number that the certificate bears.
    public let identity: NationalIdentity
    public let pinState: PINState

    public init(identity: NationalIdentity, pinState: PINState) {
        self.identity = identity
        self.pinState = pinState
    }
}
