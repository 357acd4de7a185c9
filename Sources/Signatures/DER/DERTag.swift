// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The identifier octets that X.509, CMS, OCSP and CRLs are made of (ITU-T X.690, 8.1.2).
enum DERTag {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let enumerated: UInt8 = 0x0A
    static let utf8String: UInt8 = 0x0C
    static let numericString: UInt8 = 0x12
    static let printableString: UInt8 = 0x13
    static let teletexString: UInt8 = 0x14
    static let ia5String: UInt8 = 0x16
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let visibleString: UInt8 = 0x1A
    static let universalString: UInt8 = 0x1C
    static let bmpString: UInt8 = 0x1E
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// `[number]` of a primitive value: an IMPLICIT tag on a string, an integer, a time.
    static func context(_ number: UInt8) -> UInt8 { 0x80 | number }

    /// `[number]` of a constructed value: an EXPLICIT tag, or an IMPLICIT one on a SEQUENCE or SET.
    static func contextConstructed(_ number: UInt8) -> UInt8 { 0xA0 | number }
}
