// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A signature that an approval made.
public struct StoredSignature: Sendable, Equatable {
    /// "login" or "consent".
    public var step: String
    /// The verification code that it answers: with it, the same bytes can be submitted once more.
    public var code: String
    /// The CMS SignedData in DER.
    public var cms: [UInt8]
    /// UTC seconds since 1970.
    public var signedAt: Int64

    public init(step: String, code: String, cms: [UInt8], signedAt: Int64) {
        self.step = step
        self.code = code
        self.cms = cms
        self.signedAt = signedAt
    }
}
