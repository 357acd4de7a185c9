// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Tells by a slot's description which PC/SC readers it may stand for.
///
/// PKCS#11 (v2.40, CK_SLOT_INFO) leaves a reader's name 64 octets, padded with blanks; PC/SC leaves it 127. OpenSC ends a longer name with
/// "..." at the 64th octet, other modules just cut it there, an octet earlier for a NUL, or before the character that the cut would
/// split. One description may then stand for several readers: what would tell them apart is what is missing.
enum SlotDescription {
    static let size = 64
    /// Three octets of a character of four that would not fit whole, and a NUL.
    private static let mostUnused = 4
    private static let ellipses: [[UInt8]] = [[], Array("...".utf8), Array("…".utf8)]

    /// Whether these octets are that reader's name, or what may be left of it.
    static func matches(_ description: some Collection<UInt8>, reader: [UInt8]) -> Bool {
        let shown = trimmed(description.prefix { $0 != 0 })
        if shown == trimmed(reader) { return true }
        guard reader.count >= size else { return false }
        return (size - mostUnused...size).contains { length in
            ellipses.contains { shown == trimmed(reader.prefix(length - $0.count) + $0) }
        }
    }

    /// Without the blanks at its end. Octets, not characters: the cut may have split one.
    private static func trimmed(_ octets: some Collection<UInt8>) -> [UInt8] {
        var octets = Array(octets)
        while octets.last == UInt8(ascii: " ") { octets.removeLast() }
        return octets
    }
}
