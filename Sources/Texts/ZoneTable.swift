// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The offsets of a zone through time: what a TZif file holds (RFC 9636).
struct ZoneTable: Sendable, Equatable {
    /// Why bytes are not a TZif file that we take.
    struct Malformed: Error, Equatable {}

    /// When the offset changes, ascending, and to what.
    private var transitions: [Int64] = []
    private var offsets: [Int] = []
    private var offsetBefore: Int
    /// What holds after the last transition, where the zone goes on changing.
    private var rule: ZoneRule?

    init(offset: Int) {
        offsetBefore = offset
    }

    /// - Throws: `Malformed`; also for version 1, which has no room for times after 2037 and which nobody ships.
    init(tzif bytes: [UInt8]) throws(Malformed) {
        var reader = Reader(rest: bytes[...])
        let old = try Header(&reader)
        try reader.skip(old.blockSize(timeSize: 4))
        let header = try Header(&reader)

        for _ in 0..<header.times { transitions.append(try reader.integer(8)) }
        var types: [Int] = []
        for _ in 0..<header.times { types.append(Int(try reader.integer(1) & 0xFF)) }
        var typeOffsets: [Int] = []
        for _ in 0..<header.types {
            typeOffsets.append(Int(try reader.integer(4)))
            try reader.skip(2)  // daylight-saving flag and index of the abbreviation
        }
        try reader.skip(header.characters + header.leaps * 12 + header.standardFlags + header.utcFlags)

        guard types.allSatisfy({ $0 < typeOffsets.count }), let first = typeOffsets.first,
            typeOffsets.allSatisfy({ abs($0) < 26 * 3600 }),
            zip(transitions, transitions.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw Malformed() }
        offsets = types.map { typeOffsets[$0] }
        offsetBefore = first
        rule = try Self.footerRule(reader.rest)
    }

    func offset(at seconds: Int64) -> Int {
        // The number of transitions that are not after the instant, by halving.
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        if low == transitions.count, let rule { return rule.offset(at: seconds) }
        return low == 0 ? offsetBefore : offsets[low - 1]
    }

    /// The footer: a line feed, a POSIX TZ string that may be empty, a line feed.
    private static func footerRule(_ footer: ArraySlice<UInt8>) throws(Malformed) -> ZoneRule? {
        let newline = UInt8(ascii: "\n")
        guard footer.count >= 2, footer.first == newline, footer.last == newline else { throw Malformed() }
        let text = String(decoding: footer.dropFirst().dropLast(), as: UTF8.self)
        if text.isEmpty { return nil }
        guard let rule = ZoneRule(posix: text) else { throw Malformed() }
        return rule
    }
}

extension ZoneTable {
    /// The counts at the head of each of a file's two blocks.
    private struct Header {
        let utcFlags, standardFlags, leaps, times, types, characters: Int

        init(_ reader: inout Reader) throws(Malformed) {
            guard try reader.take(4).elementsEqual("TZif".utf8), try reader.integer(1) >= 0x32 else {
                throw Malformed()
            }
            try reader.skip(15)
            utcFlags = try reader.count()
            standardFlags = try reader.count()
            leaps = try reader.count()
            times = try reader.count()
            types = try reader.count()
            characters = try reader.count()
        }

        func blockSize(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardFlags + utcFlags
        }
    }

    /// Takes big-endian numbers from the front of the file.
    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
            guard count <= rest.count else { throw Malformed() }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func skip(_ count: Int) throws(Malformed) { _ = try take(count) }

        /// A signed number of 1, 4 or 8 bytes; the sign is that of its first byte.
        mutating func integer(_ size: Int) throws(Malformed) -> Int64 {
            let bytes = try take(size)
            return bytes.dropFirst().reduce(Int64(Int8(bitPattern: bytes.first!))) { $0 << 8 | Int64($1) }
        }

        /// A count that the file has room for.
        mutating func count() throws(Malformed) -> Int {
            let count = Int(try integer(4))
            guard (0...65_536).contains(count) else { throw Malformed() }
            return count
        }
    }
}
