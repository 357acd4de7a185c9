// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks for the certificates on the card in one reader, through one module and without logging in.
public struct ListRequest: FrameValue {
    /// Path of the PKCS#11 module.
    public var module: String
    /// Name of the reader as PC/SC gives it: octets in no certain encoding.
    public var reader: [UInt8]
    /// The card's answer to reset; 33 bytes at most.
    public var atr: [UInt8]
    /// Salt that goes before an identity number when `identityKey` is made.
    public var identitySalt: [UInt8]
    /// The other readers with a card in them, for modules that show two readers under one name.
    public var rivals: [RivalReader]
    /// `CertificateDescription.id` of each certificate that was ever on a card with this answer to reset.
    public var kin: [String]

    /// Creates the value from its fields.
    public init(
        module: String, reader: [UInt8], atr: [UInt8], identitySalt: [UInt8], rivals: [RivalReader] = [],
        kin: [String] = []
    ) {
        self.module = module
        self.reader = reader
        self.atr = atr
        self.identitySalt = identitySalt
        self.rivals = rivals
        self.kin = kin
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        module = try reader.string("module")
        self.reader = try reader.bytes("reader")
        atr = try reader.bytes("atr")
        identitySalt = try reader.bytes("identitySalt")
        rivals = try reader.values("rivals")
        kin = try reader.strings("kin")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(module)
        writer.bytes(reader)
        writer.bytes(atr)
        writer.bytes(identitySalt)
        writer.values(rivals)
        writer.strings(kin)
    }
}
