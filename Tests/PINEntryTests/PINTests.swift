// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
