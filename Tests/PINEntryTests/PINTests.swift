// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemBasics
import Testing

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct PINTests {
    @Test func itsBytesAreLentOneByOneAsTheyCame() {
        var pin = PIN()
        var allFit = true
        for octet in "12ğ".utf8 { allFit = pin.append(octet) && allFit }
        #expect(allFit)
        #expect(pin.count == 4)
        let octets = pin.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }
        #expect(octets == Array("12ğ".utf8))
    }

    @Test func itTakesNoMoreThanItsPage() {
        var pin = PIN()
        var allFit = true
        for _ in 0..<LockedBytes.capacity { allFit = pin.append(0x31) && allFit }
        #expect(allFit)
        let oneMoreFits = pin.append(0x31)
        #expect(!oneMoreFits)
    }

    @Test func itsPageIsLockedAndInNoCoreFileAndInNoChild() throws {
        var pin = PIN()
        _ = pin.append(0x31)
        let address = pin.withBytes { bytes in bytes.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
        let maps = String(decoding: try Files.read("/proc/self/smaps", atMost: 1 << 24), as: UTF8.self)
        // A mapping begins with its addresses and ends with its flags; pages of one kind that lie side by side are one.
        let mapping = maps.split(separator: "VmFlags:").firstIndex { part in
            part.split(separator: "\n").contains { line in
                let ends = line.prefix { $0 != " " }.split(separator: "-").map { UInt($0, radix: 16) }
                guard ends.count == 2, let start = ends[0], let end = ends[1] else { return false }
                return (start..<end).contains(address)
            }
        }
        let following = try #require(mapping) + 1
        let flags = maps.split(separator: "VmFlags:")[following].prefix { $0 != "\n" }
        #expect(Set(flags.split(separator: " ").map(String.init)).isSuperset(of: ["lo", "dd", "wf"]), "\(flags)")
    }

    @Test func whatIsTakenFromTheFrontIsWipedAtTheBack() {
        var bytes = LockedBytes()
        for octet in UInt8(1)...5 { _ = bytes.append(octet) }
        bytes.removeFirst(3)
        #expect(bytes.count == 2)
        #expect(bytes[0] == 4 && bytes[1] == 5)
        #expect(bytes.firstIndex(of: 5) == 1)
        #expect(bytes.octetsBehindTheEnd(3) == [0, 0, 0])
    }

    @Test func itShowsNothingOfItselfWhereItIsPrinted() {
        // A type that cannot be copied cannot be boxed, so neither print nor dump nor a string takes it; its layout says so.
        #expect(MemoryLayout<PIN>.size <= 16)
    }
}
