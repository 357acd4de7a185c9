// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks for the certificates on the card in one reader, through one module and without logging in.
public struct ListRequest: FrameValue {
    /// Path of the PKCS#11 module.
    public var module: String
    /// Name of the reader as PC/SC gives it.
    public var reader: String
    /// The card's answer to reset; 33 bytes at most.
    public var atr: [UInt8]
    /// Salt that goes before an identity number when `identityKey` is made.
    public var identitySalt: [UInt8]

    /// Creates the value from its fields.
    public init(module: String, reader: String, atr: [UInt8], identitySalt: [UInt8]) {
        self.module = module
        self.reader = reader
        self.atr = atr
        self.identitySalt = identitySalt
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        module = try reader.string("module")
        self.reader = try reader.string("reader")
        atr = try reader.bytes("atr")
        identitySalt = try reader.bytes("identitySalt")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(module)
        writer.string(reader)
        writer.bytes(atr)
        writer.bytes(identitySalt)
    }
}
