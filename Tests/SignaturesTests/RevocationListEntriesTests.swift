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

    @Test func eachEntryIsFoundAndNothingElse() throws {
        let all = Set(serials(6_000)).sorted { $0.lexicographicallyPrecedes($1) }
        let listed = all.enumerated().filter { !$0.offset.isMultiple(of: 3) }.map(\.element)
        let entries = RevocationListEntries(listed.flatMap { entry($0, at: Self.time + Int64($0.count)) }[...])
        let isListed = Set(listed)
        for serial in all {
            let status = try entries.status(of: serial[...])
            let expected = RevocationJudgement.Status.revoked(at: Self.time + Int64(serial.count), reason: nil)
            #expect(status == (isListed.contains(serial) ? expected : .good))
        }
        #expect(try entries.status(of: []) == .good)
        #expect(try entries.status(of: [UInt8](repeating: 0x11, count: 300)[...]) == .good)
    }

    @Test func aListWithoutEntriesRevokesNobody() throws {
        #expect(try RevocationListEntries([]).status(of: [1]) == .good)
        #expect(try RevocationListEntries(entry([1])[...]).status(of: [2]) == .good)
    }

    @Test func ofTwoEntriesForOneNumberTheFirstCounts() throws {
        let octets = entry([5], at: Self.time) + entry([6]) + entry([5], at: Self.time + 60)
        #expect(
            try RevocationListEntries(octets[...]).status(of: [5]) == .revoked(at: Self.time, reason: nil))
    }

    /// Where the octets begin somewhere inside others, as they do in a list.
    @Test func theEntriesMayStandAnywhere() throws {
        let octets = [0, 0, 0] + entry([5]) + [9]
        #expect(
            try RevocationListEntries(octets[3..<octets.count - 1]).status(of: [5])
                == .revoked(at: Self.time, reason: nil))
    }

    @Test(arguments: [
        [0x30], [0x30, 0x05, 0x02, 0x01], [0x02, 0x01, 0x07], [0x30, 0x00], [0x30, 0x03, 0x04, 0x01, 0x07],
    ])
    func whatStandsBeforeAFaultIsKnownAndTheRestIsNot(_ fault: [UInt8]) throws {
        let octets: [UInt8] = entry([5]) + fault
        let entries = RevocationListEntries(octets[...])
        #expect(try entries.status(of: [5]) == .revoked(at: Self.time, reason: nil))
        #expect(throws: DERError.self) { try entries.status(of: [6]) }
    }

    @Test func anEntryThatCannotBeReadIsNoWordForItsCertificate() throws {
        let broken = DERWriter.sequence(DERWriter.element(DERTag.integer, [6]), [0x04, 0x00])
        let entries = RevocationListEntries((entry([5]) + broken)[...])
        #expect(throws: DERError.self) { try entries.status(of: [6]) }
        #expect(try entries.status(of: [7]) == .good)
    }
}
