// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The signer that the token job found when it made ready to sign.
public struct ApprovalSigner: Sendable, Equatable {
    /// The number that the certificate bears.
    public let identity: NationalIdentity
    public let pinState: PINState
    /// Whether the certificate names somebody who can be asked if it was revoked.
    public let namesResponder: Bool

    public init(identity: NationalIdentity, pinState: PINState, namesResponder: Bool = false) {
        self.identity = identity
        self.pinState = pinState
        self.namesResponder = namesResponder
    }
}
