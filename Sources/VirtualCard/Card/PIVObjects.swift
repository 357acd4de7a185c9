// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The data objects of a virtual PIV card (NIST SP 800-73-4, part 1), and which key belongs to which certificate.
struct PIVObjects {
    /// A place for a key and its certificate.
    struct Slot: Sendable {
        let key: UInt8
        let certificate: [UInt8]
    }

    /// In the order in which OpenSC numbers them (01 to 04).
    static let authentication = Slot(key: 0x9A, certificate: [0x5F, 0xC1, 0x05])
    static let signature = Slot(key: 0x9C, certificate: [0x5F, 0xC1, 0x0A])
    static let keyManagement = Slot(key: 0x9D, certificate: [0x5F, 0xC1, 0x0B])
    static let cardAuthentication = Slot(key: 0x9E, certificate: [0x5F, 0xC1, 0x01])

    /// The places of a card's certificates, first to last. The signature place asks for the PIN each time, so it comes first
    /// where that is wanted. OpenSC uses an EC key in the third for key agreement alone; the fourth asks for no PIN.
    static func slots(asksPINForEachSignature: Bool) -> [Slot] {
        let first = asksPINForEachSignature ? [signature, authentication] : [authentication, signature]
        return first + [keyManagement, cardAuthentication]
    }

    static let applicationIdentifier: [UInt8] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00]
    private static let errorDetection: [UInt8] = [0xFE, 0x00]

    private let objects: [[UInt8]: [UInt8]]

    init(_ description: CardDescription, slots: [Slot]) {
        let serial = Array((description.serialNumber + [UInt8](repeating: 0, count: 8)).prefix(8))
        var objects: [[UInt8]: [UInt8]] = [:]
        objects[[0x7E]] = DER.element(
            0x7E, DER.element(0x4F, Self.applicationIdentifier), DER.element(0x5F2F, [0x40, 0x00]))
        objects[[0x5F, 0xC1, 0x07]] = DER.element(
            0x53,
            DER.element(0xF0, [0xA0, 0x00, 0x00, 0x01, 0x16, 0xFF, 0x02] + serial + [UInt8](repeating: 0, count: 6)),
            DER.element(0xF1, [0x21]), DER.element(0xF2, [0x21]), DER.element(0xF3), DER.element(0xF4, [0x00]),
            DER.element(0xF5, [0x10]), DER.element(0xF6), DER.element(0xF7), DER.element(0xFA), DER.element(0xFB),
            DER.element(0xFC), DER.element(0xFD), Self.errorDetection)
        objects[[0x5F, 0xC1, 0x02]] = DER.element(
            0x53,
            DER.element(0x30, [UInt8](repeating: 0x99, count: 25)),
            DER.element(0x34, serial + serial),
            DER.element(0x35, Array("20500101".utf8)), DER.element(0x3E), Self.errorDetection)
        for (slot, content) in zip(slots, description.contents) {
            objects[slot.certificate] = DER.element(
                0x53, DER.element(0x70, content.certificate), DER.element(0x71, [0x00]), Self.errorDetection)
        }
        self.objects = objects
    }

    subscript(tag: [UInt8]) -> [UInt8]? { objects[tag] }
}

/// Reads elements of one-byte tags and lengths below 64 KiB, one after the other.
struct TagReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next element; nil at the end, and where the lengths do not fit.
    mutating func next() -> (tag: UInt8, content: [UInt8])? {
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7F)
            guard (1...2).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return (tag, Array(rest.prefix(length)))
    }
}
