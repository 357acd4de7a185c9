// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1))) struct Base64Tests {
    /// The vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func theVectorsOfTheStandardHold(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9v", "Zm9-", "Zm9vé==="])
    func anythingElseIsRefused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func someSoftwareLeavesBitsInTheLastCharacter() {
        #expect(Base64.decode(Array("Zh==".utf8), allowingUnusedBits: true) == Array("f".utf8))
        #expect(Base64.decode(Array("Zh=".utf8), allowingUnusedBits: true) == nil)
    }

    @Test func allOctetsComeBackAndTheURLFormHasNoSpecialCharacter() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.encodeURL(bytes).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        #expect(Base64.encodeURL([0xFB, 0xFF]) == "-_8")
    }
}
