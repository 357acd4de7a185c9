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

/// What a look at a token's certificates gave.
public struct CertificateList: Equatable, Sendable {
    public var certificates: [CertificateObject] = []
    /// Objects that call themselves certificates and could not be read.
    public var broken = 0
}
