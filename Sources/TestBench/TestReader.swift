// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import VirtualCard

/// A reader of a private pcscd.
public struct TestReader: Sendable, Equatable {
    /// As PC/SC names it.
    public let name: String
    /// Where cards are put in.
    public let address: ReaderAddress

    public init(name: String, address: ReaderAddress) {
        self.name = name
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
