// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// A revocation list's octets with their SHA-256, which is worked out once for all signatures that the list is asked for.
struct KnownList: Sendable, Equatable {
    /// DER.
    let der: [UInt8]
    let digest: Data

    init(_ der: [UInt8]) {
        self.der = der
        digest = Data(SHA256.hash(data: der))
    }

    static func == (left: KnownList, right: KnownList) -> Bool { left.digest == right.digest }
}
