// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

extension Texts {
    /// Why a certificate was revoked or suspended, as half a sentence; "" where the term says nothing more.
    public func reason(_ reason: RevocationReason) -> String {
        switch reason {
        case .keyCompromise: text("others may have its key")
        case .cACompromise, .aACompromise: text("others may have its issuer's key")
        case .affiliationChanged: text("its holder's details have changed")
        case .superseded: text("another certificate has taken its place")
        case .cessationOfOperation: text("it is not needed any more")
        case .privilegeWithdrawn: text("the right to use it was withdrawn")
        case .unspecified, .certificateHold, .removeFromCRL: ""
        }
    }
}
