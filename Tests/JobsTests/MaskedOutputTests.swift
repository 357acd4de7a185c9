// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Jobs

@Suite(.timeLimit(.minutes(1)))
struct MaskedOutputTests {
    private func masked(_ line: String) -> String { MaskedOutput.masked(Array(line.utf8)) }

    @Test(arguments: [
        "error: no reader found", "sc_pkcs15_bind: returning with: CKR_GENERAL_ERROR", "SCardEstablishContext failed",
        "rv=0x00000005", "SCardConnect: 0x8010001D", "card driver akis is not loaded (level 3)",
        "[opensc-pkcs11] Error: Unsupported card", "/usr/lib/libssl.so.3: cannot open shared object file",
    ])
    func whatSaysNothingOfAPersonStays(line: String) {
        #expect(masked(line) == line)
    }

    @Test(arguments: [
        ("pin 648219", "648219"), ("PIN=1234", "1234"), ("pin=0007", "0007"), ("pin: 6 4 8 2 1 9", "6 4"),
        ("1,2,3,4", "1,2"),
        ("label: 10000000146", "10000000146"), ("TCKN100", "TCKN"), ("Holder: AYŞE IŞIK", "IŞIK"),
        ("holder AYSE ISIK", "AYSE"),
        ("Ahmet Yilmaz", "Ahmet"), ("mail ahmet.yilmaz@example.org", "yilmaz@"),
        ("open /home/ahmet/.config/eonay", "ahmet"),
        ("00 20 00 81 06 36 34 38 32 31 39", "36 34"), ("00200081063634383231 39", "3634"), ("00:20:00:81:06", "81"),
        ("Outgoing APDU: AB CD EF", "CD"), ("0x00 0x20 0x00 0x81", "0x20"), ("deadbeefcafe", "deadbeef"),
        ("MIIB8TCCAZagAwIBAgIUQ2Vy", "MIIB"), ("label AYSE_ISIK_10000000146", "AYSE"), ("\u{1B}[31m648219", "\u{1B}"),
        ("0x36343832", "3634"), ("T.C. 100 000 001 46", "000"), ("user=aYse", "aYse"), ("key 3f2a", "3f2a"),
    ])
    func whatMayBeSomebodysIsLeftOut(line: String, secret: String) {
        #expect(!masked(line).contains(secret), "\(masked(line))")
    }

    @Test func aLineIsCutAndLinesBeyondTheBoundAreCounted() {
        var output = MaskedOutput()
        let line = Array((String(repeating: "word ", count: 100) + "\n").utf8)
        for _ in 0..<(MaskedOutput.mostLines + 7) { line.withUnsafeBytes { output.append($0) } }
        output.finish()
        #expect(output.lines.count == MaskedOutput.mostLines + 1)
        #expect(output.lines[0] == String(repeating: "word ", count: 40) + "…")
        #expect(output.lines.last == "… (7)")
    }

    @Test func aLineWithoutEndAndOctetsWithoutMeaningAreNoTrouble() {
        var output = MaskedOutput()
        let octets = (0..<20_000).map { _ in UInt8.random(in: 0...255) } + Array("\ncard is mute".utf8)
        octets.withUnsafeBytes { output.append($0) }
        output.finish()
        #expect(output.lines.last == "card is mute")
        #expect(output.lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.isASCII || $0 == "…" } })
    }

    @Test func aLineOfWhichNothingIsLeftIsNoLine() {
        var output = MaskedOutput()
        Array("648219\n00 20 00 81\nerror\n".utf8).withUnsafeBytes { output.append($0) }
        output.finish()
        #expect(output.lines == ["error"])
    }
}
