// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Another reader with a card in it, whose slots a module may show under the same name as those of the reader that is meant.
///
/// PKCS#11 leaves a reader's name 64 octets, and PC/SC 127: of two readers of one long name only the end differs, which is cut.
public struct RivalReader: FrameValue {
    /// Name of the reader as PC/SC gives it.
    public var name: [UInt8]
    /// `CertificateDescription.id` of each certificate that was read from the card that is in it now; empty while it is not known.
    public var certificates: [String]
    /// Whether they were read through the module that is asked, so that they are all that it shows of that card.
    public var isKnownToModule: Bool
    /// `CertificateDescription.id` of each certificate that was ever on a card with the answer to reset of the one in it.
    public var kin: [String]

    /// Creates the value from its fields.
    public init(name: [UInt8], certificates: [String], isKnownToModule: Bool, kin: [String]) {
        self.name = name
        self.certificates = certificates
        self.isKnownToModule = isKnownToModule
        self.kin = kin
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        name = try reader.bytes("name")
        certificates = try reader.strings("certificates")
        isKnownToModule = try reader.bool("isKnownToModule")
        kin = try reader.strings("kin")
    }

    public func write(to writer: inout FrameWriter) {
        writer.bytes(name)
        writer.strings(certificates)
        writer.bool(isKnownToModule)
        writer.strings(kin)
    }
}
