// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Builds DER bottom-up: each function takes finished content and gives a finished element.
enum DERWriter {
    static func element(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        var octets: [UInt8] = [tag]
        let count = content.count
        if count < 0x80 {
            octets.append(UInt8(count))
        } else {
            let length = withUnsafeBytes(of: UInt64(count).bigEndian) { Array($0.drop { $0 == 0 }) }
            octets.append(0x80 | UInt8(length.count))
            octets += length
        }
        octets += content
        return octets
    }

    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(DERTag.sequence, elements.joined().map { $0 })
    }

    /// The content octets of a SET OF: the elements in ascending order of their encodings (X.690, 11.6).
    static func sortedContent(_ elements: [[UInt8]]) -> [UInt8] {
        elements.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
    }

    static func setOf(_ elements: [[UInt8]], tag: UInt8 = DERTag.set) -> [UInt8] {
        element(tag, sortedContent(elements))
    }

    static func objectIdentifier(_ identifier: ObjectIdentifier) -> [UInt8] {
        element(DERTag.objectIdentifier, identifier.content)
    }

    static func octetString(_ octets: some Collection<UInt8>) -> [UInt8] {
        element(DERTag.octetString, octets)
    }

    /// An INTEGER from an unsigned big-endian number of any length.
    static func unsignedInteger(_ magnitude: some Collection<UInt8>) -> [UInt8] {
        var octets = Array(magnitude.drop { $0 == 0 })
        if octets.isEmpty || octets[0] >= 0x80 { octets.insert(0, at: 0) }
        return element(DERTag.integer, octets)
    }

    static func integer(_ value: UInt8) -> [UInt8] {
        unsignedInteger([value])
    }

    static let null: [UInt8] = [DERTag.null, 0]
}
