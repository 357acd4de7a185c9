// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract

/// A session as it is stored. Nothing in it can be read as a number, a name or a token without the master key.
struct StoredSession: Sendable, Equatable {
    let id: Int64
    /// HMAC of the identity number.
    let identity: Data
    /// The identity number, sealed: the text is composed from it.
    let sealedIdentity: Data
    let state: SessionState
    /// When the session is over, UTC seconds.
    let livesUntil: Int64
    /// HMAC of the number that confirms it, once its login is signed.
    let number: Data?
    /// The decision that it recorded last.
    let reference: String?
    /// HMAC of the certificate that signed the login.
    let certificate: Data?
    /// Not-after of that certificate, UTC seconds.
    let certificateEnd: Int64?
    /// The holder's name from that certificate, sealed.
    let sealedHolder: Data?
}

/// A session that is to be.
struct NewSession: Sendable {
    let token: Data
    let identity: Data
    let sealedIdentity: Data
}

/// Who signed a login.
struct LoginSigner: Sendable {
    let number: Data
    let certificate: Data
    let certificateEnd: Int64
    let sealedHolder: Data
}
