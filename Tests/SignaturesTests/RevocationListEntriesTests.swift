// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Signatures

/// The table of a list's entries says what a walk along them would.
@Suite(.timeLimit(.minutes(1))) struct RevocationListEntriesTests {
    private static let time: Int64 = 1_735_787_045

    private func entry(_ serial: [UInt8], at time: Int64 = time) -> [UInt8] {
        DERWriter.sequence(DERWriter.element(DERTag.integer, serial), DERTime.encoded(time))
    }

    /// Serial numbers of one to twenty octets, many of which differ in their last one alone.
    private func serials(_ count: Int) -> [[UInt8]] {
        (0..<count).map { number in
            let own = [UInt8(number >> 16 & 0x7F), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
            return [UInt8](repeating: 0x11, count: number % 18) + own.suffix(max(1, 3 - number % 2))
        }
    }

    /// The times of the entries for a serial number.
    private func find(_ serial: [UInt8], _ octets: [UInt8]) throws -> [Int64] {
        try times(RevocationListEntries(octets[...]).find(serial[...]))
    }

    private func times(_ entries: [DERReader]) throws -> [Int64] {
        try entries.map { entry in
            var entry = entry
            return try entry.time()
        }
    }

    @Test func eachEntryIsFoundAndNothingElse() throws {
        let all = Set(serials(6_000)).sorted { $0.lexicographicallyPrecedes($1) }
        let listed = all.enumerated().filter { !$0.offset.isMultiple(of: 3) }.map(\.element)
        let entries = RevocationListEntries(listed.flatMap { entry($0, at: Self.time + Int64($0.count)) }[...])
        let isListed = Set(listed)
        for serial in all {
            let expected = isListed.contains(serial) ? [Self.time + Int64(serial.count)] : []
            #expect(try times(entries.find(serial[...])) == expected)
        }
        #expect(try entries.find([]).isEmpty)
        #expect(try entries.find([UInt8](repeating: 0x11, count: 300)[...]).isEmpty)
    }

    @Test func aListWithoutEntriesRevokesNobody() throws {
        #expect(try find([1], []) == [] && find([2], entry([1])) == [])
    }

    @Test func allEntriesForOneNumberAreFoundInTheirOrder() throws {
        let octets = (0..<5).flatMap { entry([5], at: Self.time + $0) + entry([UInt8(10 + $0)]) }
        #expect(try find([5], octets) == (0..<5).map { Self.time + $0 })
        #expect(try find([12], octets) == [Self.time])
    }

    /// As many as a list of 64 MiB can have of them would else be compared each with each.
    @Test func aListOfOneNumberAloneIsReadInOneGo() throws {
        let octets = [[UInt8]](repeating: entry([5]), count: 100_000).flatMap(\.self)
        #expect(try find([5], octets).count == 100_000 && find([6], octets) == [])
    }

    /// The octets begin somewhere inside others, as they do in a list.
    @Test func theEntriesMayStandAnywhere() throws {
        let octets = [0, 0, 0] + entry([5]) + [9]
        let entries = RevocationListEntries(octets[3..<octets.count - 1])
        #expect(try times(entries.find([5])) == [Self.time])
    }

    @Test(arguments: [
        [0x30], [0x30, 0x05, 0x02, 0x01], [0x02, 0x01, 0x07], [0x30, 0x00], [0x30, 0x03, 0x04, 0x01, 0x07],
    ])
    func whatStandsBeforeAFaultIsKnownAndTheRestIsNot(_ fault: [UInt8]) throws {
        let octets: [UInt8] = entry([5]) + fault
        #expect(try find([5], octets) == [Self.time])
        #expect(throws: DERError.self) { try find([6], octets) }
    }
}
