// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The certificates that a list revokes (RFC 5280, 5.1.2.6), found by their serial numbers without a walk.
///
/// Kamu SM's lists have hundreds of thousands of entries. Made is a table of where each begins; the entries themselves stay
/// as they are, and those that are asked for are read when they are asked for.
struct RevocationListEntries: Sendable {
    private struct Entry {
        /// Where it begins in `octets`.
        let place: UInt32
        /// Of its serial number, so that few entries need be looked at.
        let hash: UInt32
        /// The number of the next entry for the same serial number.
        var next = none
    }

    private static let none = UInt32.max

    /// All of it, for who has to read one entry after another.
    let octets: ArraySlice<UInt8>
    private var entries: [Entry] = []
    /// Open addressing: in each slot, the number of the first entry for a serial number. A power of two of slots, at most half
    /// of them taken.
    private var slots: [UInt32]
    /// What is wrong with the list from some entry on. Those before it are known.
    private var fault: DERError?

    /// Reads the contents of the field `revokedCertificates`.
    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        var list = DERReader(octets)
        do throws(DERError) {
            while !list.isAtEnd {
                let entry = try list.next(DERTag.sequence)
                let hash = Self.hash(try Self.serial(of: entry))
                // A list has at most 64 MiB, so this fits.
                entries.append(Entry(place: UInt32(entry.encoding.startIndex - octets.startIndex), hash: hash))
            }
        } catch {
            fault = error
        }
        var size = 1
        while size < 2 * entries.count { size *= 2 }
        slots = [UInt32](repeating: Self.none, count: size)
        // From the end, so that of several for one serial number the first comes to stand in front.
        for number in entries.indices.reversed() {
            var slot = Int(entries[number].hash) & (size - 1)
            while slots[slot] != Self.none, !isSame(Int(slots[slot]), number) { slot = (slot + 1) & (size - 1) }
            entries[number].next = slots[slot]
            slots[slot] = UInt32(number)
        }
    }

    /// The entries for a serial number, in their order, each read as far as behind that number.
    ///
    /// Throws where there is none, and one could stand behind something that cannot be read.
    func find(_ serial: ArraySlice<UInt8>) throws(DERError) -> [DERReader] {
        let hash = Self.hash(serial)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != Self.none {
            let first = entries[Int(slots[slot])]
            if first.hash == hash, try read(first).serial == serial { return try all(from: first) }
            slot = (slot + 1) & (slots.count - 1)
        }
        if let fault { throw fault }
        return []
    }

    private func all(from first: Entry) throws(DERError) -> [DERReader] {
        var found = [try read(first).rest]
        var next = first.next
        while next != Self.none {
            found.append(try read(entries[Int(next)]).rest)
            next = entries[Int(next)].next
        }
        return found
    }

    /// Each was read before.
    private func read(_ entry: Entry) throws(DERError) -> (serial: ArraySlice<UInt8>, rest: DERReader) {
        var list = DERReader(octets[(octets.startIndex + Int(entry.place))...])
        var parts = DERReader(try list.next(DERTag.sequence).content)
        return (try parts.next(DERTag.integer).content, parts)
    }

    private func isSame(_ one: Int, _ other: Int) -> Bool {
        guard entries[one].hash == entries[other].hash else { return false }
        return (try? read(entries[one]).serial) == (try? read(entries[other]).serial)
    }

    private static func serial(of entry: DERElement) throws(DERError) -> ArraySlice<UInt8> {
        var parts = DERReader(entry.content)
        return try parts.next(DERTag.integer).content
    }

    /// Swift's own, whose seed nobody knows: a list may come from anybody, and could have all its entries meet in one slot.
    private static func hash(_ serial: ArraySlice<UInt8>) -> UInt32 {
        var hasher = Hasher()
        serial.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }
}
