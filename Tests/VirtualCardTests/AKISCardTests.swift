// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

@Suite(.timeLimit(.minutes(1))) struct AKISCardTests {
    /// Up to version 0.24 OpenSC has a driver of AKIS, later ones know the card as an IsoApplet.
    private func hasDriver(_ opensc: OpenSC) async throws -> Bool {
        try await opensc.tool("opensc-tool", "--list-drivers").check().text.contains("akis ")
    }

    @Test func openSCKnowsIt() async throws {
        let bench = try await CardOnBench.start(CardDescription(.akis))
        let name = try await hasDriver(bench.opensc) ? "AKIS" : "IsoApplet"
        #expect(try await bench.opensc.tool("opensc-tool", "--name").check().text.contains(name))
    }

    @Test func itsObjectsAreListed() async throws {
        let description = CardDescription(
            .akis,
            contents: [
                CardContent(try CardOnBench.certificate(), label: "Birinci"),
                CardContent(try CardOnBench.certificate(for: .isil), label: "İkinci"),
            ])
        let bench = try await CardOnBench.start(description)
        let dump = try await bench.opensc.tool("pkcs15-tool", "-D").check().text
        for text in ["Private RSA Key [Birinci]", "X.509 Certificate [İkinci]", "ID             : 42", "PIN [PIN]"] {
            #expect(dump.contains(text))
        }
    }

    @Test(arguments: ["SHA256-RSA-PKCS", "RSA-PKCS-PSS"])
    func itSigns(mechanism: String) async throws {
        let nes = try CardOnBench.certificate()
        let bench = try await CardOnBench.start(CardDescription(.akis, contents: [CardContent(nes)]))
        if mechanism == "RSA-PKCS-PSS" {
            try bench.folder.write("text", "32 bytes of digest, as they come")
            let tried = try await bench.opensc.pkcs11(
                "--login", "--pin", bench.card.pin, "--sign", "-m", "SHA256-RSA-PKCS-PSS", "--id", "41", "-i",
                bench.folder.file("text"), "-o", bench.folder.file("signature"))
            guard try await hasDriver(bench.opensc) else {
                // An IsoApplet signs no whole block.
                #expect(tried.description.contains("CKR_MECHANISM_INVALID"))
                return
            }
            try tried.check()
            #expect(try await bench.verify(nes, "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"))
        } else {
            try await bench.sign(id: "41").check()
            #expect(try await bench.verify(nes))
        }
        #expect(bench.card.events.all.contains(.signed))
    }

    @Test func thirdWrongPINLocksItAlsoForTheRightOneAndOverARemoval() async throws {
        let bench = try await CardOnBench.start(
            CardDescription(.akis, contents: [CardContent(try CardOnBench.certificate())]))
        for expected in ["CKR_PIN_INCORRECT", "CKR_PIN_INCORRECT", "CKR_PIN_LOCKED"] {
            #expect(try await bench.sign(id: "41", pin: "000000").description.contains(expected))
        }
        #expect(try await bench.sign(id: "41").description.contains("CKR_PIN_LOCKED"))
        try await bench.card.remove()
        try await bench.card.insert()
        #expect(try await bench.sign(id: "41").description.contains("CKR_PIN_LOCKED"))
        let told = bench.card.events.all.filter {
            [.pinWrong(triesLeft: 2), .pinWrong(triesLeft: 1), .pinLocked].contains($0)
        }
        #expect(told.prefix(3) == [.pinWrong(triesLeft: 2), .pinWrong(triesLeft: 1), .pinLocked])
    }

    @Test func aRightPINGivesTheTriesBack() async throws {
        let bench = try await CardOnBench.start(
            CardDescription(.akis, contents: [CardContent(try CardOnBench.certificate())]))
        bench.card.send(.triesLeft(1))
        try await bench.sign(id: "41").check()
        #expect(try await bench.sign(id: "41", pin: "000000").description.contains("CKR_PIN_INCORRECT"))
        try await bench.card.events.next(.pinWrong(triesLeft: 2))
    }

    @Test func theUserCanChangeThePIN() async throws {
        let nes = try CardOnBench.certificate()
        let bench = try await CardOnBench.start(CardDescription(.akis, contents: [CardContent(nes)]))
        try await bench.opensc.pkcs11("--change-pin", "--login", "--pin", bench.card.pin, "--new-pin", "9876").check()
        try await bench.sign(id: "41", pin: "9876").check()
        #expect(try await bench.sign(id: "41").description.contains("CKR_PIN_INCORRECT"))
    }

    @Test func aCardOfUserConsentAsksForEachSignature() async throws {
        let nes = try CardOnBench.certificate()
        var description = CardDescription(.akis, contents: [CardContent(nes)])
        description.asksPINForEachSignature = true
        let bench = try await CardOnBench.start(description)
        let objects = try await bench.opensc.pkcs11("--login", "--pin", bench.card.pin, "-O").check()
        #expect(objects.text.contains("always authenticate"))
        // The tool gives the PIN a second time, in the context of the signature.
        try await bench.sign(id: "41").check()
        #expect(try await bench.verify(nes))
    }

    @Test func certificatesWithoutKeysAndRubbishLieBesideAGoodOne() async throws {
        let (nes, foreign) = (try CardOnBench.certificate(), try CardOnBench.certificate(keyType: .p384))
        let description = CardDescription(
            .akis,
            contents: [
                CardContent(certificate: foreign.certificate, label: "Anahtarsız"), CardContent(nes),
                CardContent(certificate: Array("no certificate".utf8), label: "Bozuk"),
            ])
        let bench = try await CardOnBench.start(description)
        try await bench.sign(id: "42").check()
        #expect(try await bench.verify(nes))
        let copy = try await bench.opensc.pkcs11(
            "-r", "-y", "cert", "--id", "41", "-o", bench.folder.file("copy")
        ).check()
        #expect(copy.succeeded)
        #expect(try bench.folder.read("copy") == foreign.certificate)
        #expect(!(try await bench.sign(id: "41").succeeded))
    }

    @Test func otherKeysThanRSA2048AreRefusedBeforehand() throws {
        let nes = try CardOnBench.certificate(keyType: .p256)
        let reader = TestReader(name: "none", address: .virtualReader(path: "/nonexistent"))
        #expect(throws: CardDescription.Mistake.keyNotPossible(.p256, .akis)) {
            try TestCard(CardDescription(.akis, contents: [CardContent(nes)]), in: reader)
        }
    }
}
