// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import VirtualCard

/// A reader of a private pcscd.
public struct TestReader: Sendable, Equatable {
    /// As PC/SC names it; what is no UTF-8 is replaced.
    public let name: String
    /// The name's own octets.
    public let octets: [UInt8]
    /// The place into which cards are put.
    public let address: ReaderAddress

    public init(name: String, address: ReaderAddress) { self.init(octets: Array(name.utf8), address: address) }

    public init(octets: [UInt8], address: ReaderAddress) {
        name = String(decoding: octets, as: UTF8.self)
        self.octets = octets
        self.address = address
    }

    /// The device name for pcscd's configuration. It must begin with an existing file.
    var device: String {
        switch address {
        case .virtualReader(let path): "/dev/null:\(path)"
        case .vpcd(let port): "/dev/null:\(port)"
        }
    }
}
