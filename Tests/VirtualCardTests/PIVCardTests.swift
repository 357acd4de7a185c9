// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

@Suite(.timeLimit(.minutes(1))) struct PIVCardTests {
    /// For the places 9A and 9C, which OpenSC numbers 01 and 02.
    private static let keys: [[CardKeyType]] = [[.rsa2048, .p256], [.p384, .rsa2048], [.p256, .p384]]

    @Test func openSCKnowsIt() async throws {
        let bench = try await CardOnBench.start(CardDescription(.piv))
        #expect(try await bench.opensc.tool("opensc-tool", "--name").check().text.contains("Personal Identity"))
    }

    @Test(arguments: keys)
    func itSignsWithEachKindOfKey(types: [CardKeyType]) async throws {
        let issued = try types.map { try CardOnBench.certificate(keyType: $0) }
        let bench = try await CardOnBench.start(CardDescription(.piv, contents: issued.map { CardContent($0) }))
        for (index, certificate) in issued.enumerated() {
            let mechanism = try #require(CardOnBench.mechanisms[certificate.key.type])
            try await bench.sign(id: "0\(index + 1)", mechanism: mechanism).check()
            #expect(try await bench.verify(certificate))
        }
    }

    @Test func triesLeftShowBeforehand() async throws {
        let bench = try await CardOnBench.start(
            CardDescription(.piv, contents: [CardContent(try CardOnBench.certificate())]))
        #expect(try await !bench.opensc.pkcs11("-L").check().text.contains("final user PIN try"))
        bench.card.send(.triesLeft(1))
        #expect(try await bench.opensc.pkcs11("-L").check().text.contains("final user PIN try"))
        bench.card.send(.triesLeft(0))
        #expect(try await bench.opensc.pkcs11("-L").check().text.contains("user PIN locked"))
    }

    @Test func thirdWrongPINLocksIt() async throws {
        let bench = try await CardOnBench.start(
            CardDescription(.piv, contents: [CardContent(try CardOnBench.certificate())]))
        for expected in ["CKR_PIN_INCORRECT", "CKR_PIN_INCORRECT", "CKR_PIN_LOCKED", "CKR_PIN_LOCKED"] {
            #expect(try await bench.sign(id: "01", pin: "00000000").description.contains(expected))
        }
    }

    @Test func itsSignatureKeyAsksEachTime() async throws {
        let nes = try CardOnBench.certificate(keyType: .p256)
        var description = CardDescription(.piv, contents: [CardContent(nes)])
        description.asksPINForEachSignature = true
        let bench = try await CardOnBench.start(description)
        let objects = try await bench.opensc.pkcs11("--login", "--pin", bench.card.pin, "-O").check()
        #expect(objects.text.contains("always authenticate"))
        try await bench.sign(id: "02", mechanism: "ECDSA-SHA256").check()
        #expect(try await bench.verify(nes))
    }

    @Test func aFifthCertificateDoesNotFit() throws {
        let content = CardContent(certificate: [0x30, 0x00])
        let reader = TestReader(name: "none", address: .virtualReader(path: "/nonexistent"))
        #expect(throws: CardDescription.Mistake.tooManyCertificates(most: 4)) {
            try TestCard(CardDescription(.piv, contents: Array(repeating: content, count: 5)), in: reader)
        }
    }
}
