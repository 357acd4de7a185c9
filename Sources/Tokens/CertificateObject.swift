// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate as it lies on a token: bytes that nobody has judged yet.
public struct CertificateObject: Equatable, Sendable {
    public let der: [UInt8]
    /// CKA_ID, by which its key is found; empty where the module gives none.
    public let id: [UInt8]

    public init(der: [UInt8], id: [UInt8]) {
        self.der = der
        self.id = id
    }
}

/// The result of a look at a token's certificates.
public struct CertificateList: Equatable, Sendable {
    public var certificates: [CertificateObject] = []
    /// Objects that call themselves certificates and could not be read.
    public var broken = 0
    /// The module's answer when the first of them could not be read; nil where there is none, or it had nothing to say.
    public var failure: TokenError?

    /// By what they show: why something could not be read makes no other list of it.
    public static func == (left: Self, right: Self) -> Bool {
        left.certificates == right.certificates && left.broken == right.broken
    }
}
