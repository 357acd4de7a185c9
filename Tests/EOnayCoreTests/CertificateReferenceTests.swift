// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CertificateReferenceTests {
    private let one = "0123456789abcdef" + String(repeating: "0", count: 48)
    private let two = "01234567ffffffff" + String(repeating: "0", count: 48)

    private func resolve(_ text: String, able: Set<String> = []) throws(ErrorName) -> String {
        try CertificateReference.resolve(text, among: [one, two].filter { !text.isEmpty || able.contains($0) })
    }

    @Test func anIdOrAUniquePrefixNamesItsCertificate() throws {
        #expect(try resolve(one) == one)
        #expect(try resolve("012345678") == one)
        #expect(try resolve("01234567f") == two)
    }

    @Test func aPrefixOfSeveralIsAmbiguous() {
        #expect(throws: ErrorName.ambiguousCertificate) { try resolve("01234567", able: [one]) }
    }

    @Test func anUnknownOneIsNoCertificate() {
        #expect(throws: ErrorName.noCertificate) { try resolve("deadbeef") }
        #expect(throws: ErrorName.noCertificate) { try resolve("") }
    }

    @Test(arguments: [
        "0123456", "0123456X", "0123456789ABCDEF", "01234567 ", String(repeating: "0", count: 65), "١٢٣٤",
    ])
    func whatIsNoReferenceIsInvalid(text: String) {
        #expect(throws: ErrorName.invalidArgument) { try resolve(text) }
    }

    @Test func nothingMeansTheOneThatCanDoIt() throws {
        #expect(try resolve("", able: [two]) == two)
        #expect(throws: ErrorName.ambiguousCertificate) { try resolve("", able: [one, two]) }
    }
}
