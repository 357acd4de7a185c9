// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import TestBench
import Testing
import TokenBench
import VirtualCard

import struct Signatures.CertificateFacts

/// The program itself, with OpenSC, a pcscd of the test's own and a virtual card.
@Suite(.timeLimit(.minutes(1)))
struct CardJobTests {
    private let now: Int64 = 1_800_000_000

    /// A card in a reader, and what a job needs to reach it.
    private struct Bench {
        let pcscd: PrivatePCSCD
        let opensc: OpenSC
        let card: TestCard
        let authority: TestAuthority
        let issued: IssuedCertificate

        var id: String {
            get throws { try CertificateFacts.read(der: issued.certificate).id }
        }

        func job(_ pin: PINLines? = nil) throws -> TokenProcess {
            try TokenProcess(environment: opensc.environment, pin: pin?.descriptor)
        }

        func list() -> TokenRequest {
            .list(
                ListRequest(
                    module: opensc.module, reader: Array(pcscd.readers[0].name.utf8), atr: [], identitySalt: [7]))
        }

        func prepare(finalTry: Bool = false, identity: String? = nil) throws -> TokenRequest {
            Requests.prepare(
                module: opensc.module, reader: pcscd.readers[0].name, id: try id, identity: identity, finalTry: finalTry
            )
        }
    }

    private func bench(
        _ model: CardDescription.Model, keyType: CardKeyType = .rsa2048,
        adjust: (inout CardDescription) -> Void = { _ in }
    ) async throws -> Bench {
        let pcscd = try await PrivatePCSCD(.own(1)).start()
        let opensc = try await OpenSC(pcscd)
        let authority = try TestAuthority(now: now)
        let issued = try authority.issue(CertificateRequest(.nes, keyType: keyType), now: now)
        var description = CardDescription(model, contents: [CardContent(issued)])
        adjust(&description)
        let card = try TestCard(description, in: pcscd.readers[0])
        try await card.insert()
        return Bench(pcscd: pcscd, opensc: opensc, card: card, authority: authority, issued: issued)
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func theCertificateIsListedAsWhatItIs(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model)
        let token = try bench.job().ask(bench.list()).listed()
        let certificate = try #require(token.certificates.first)
        #expect(token.certificates.count == 1)
        #expect(certificate.holder == Holder.sukru.name)
        #expect(certificate.qualified)
        #expect(certificate.hindrances.isEmpty)
        #expect(certificate.maskedIdentity == "100********")
    }

    @Test(arguments: [
        (CardDescription.Model.akis, CardKeyType.rsa2048), (.piv, .rsa2048), (.piv, .p256), (.piv, .p384),
    ])
    func onePINSignsSignInAndConsent(_ model: CardDescription.Model, _ keyType: CardKeyType) async throws {
        let bench = try await bench(model, keyType: keyType)
        let pin = PINLines(bench.card.pin)
        let job = try bench.job(pin)
        let prepared = try job.ask(bench.prepare(identity: Holder.sukru.identity)).prepared()
        #expect(prepared.identity.digits == Holder.sukru.identity)
        let login = try job.ask(.sign(Requests.login())).signature()
        let consent = try job.ask(.sign(Requests.consent())).signature()
        for (signature, text) in [
            (login, Requests.loginText(identity: Holder.sukru.identity)),
            (consent, Requests.consentText(identity: Holder.sukru.identity)),
        ] {
            let request = VerifyRequest(
                signature: signature, content: nil,
                trust: [bench.authority.root.certificate, bench.authority.issuer.certificate],
                at: now)
            let verification = try job.ask(.verify(request)).verified()
            #expect(verification.conclusion == .valid)
            #expect(verification.contentText == text)
            #expect(verification.signers.map(\.level) == ["CAdES-B-B"])
            #expect(verification.signers.first?.certificate?.holder == Holder.sukru.name)
        }
        try await bench.card.events.next(.signed)
        try await bench.card.events.next(.signed)
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aCardThatWantsThePINEachTimeGetsALineEachTime(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model) { $0.asksPINForEachSignature = true }
        let pin = PINLines(bench.card.pin, bench.card.pin)
        let job = try bench.job(pin)
        _ = try job.ask(bench.prepare()).prepared()
        _ = try job.ask(.sign(Requests.login())).signature()
        try job.send(.sign(Requests.consent()))
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.signing))
        _ = try job.receive().signature()
        // Two lines were there and two were taken.
        let third = try job.ask(.sign(Requests.consent()))
        #expect(third.failure == "PinPromptUnavailable")
    }

    @Test func aWrongPINIsToldWithoutASecondTry() async throws {
        let bench = try await bench(.piv)
        let pin = PINLines("999999")
        let job = try bench.job(pin)
        _ = try job.ask(bench.prepare()).prepared()
        let reply = try job.ask(.sign(Requests.login()))
        #expect(reply.failure == "PinIncorrect")
        let wrong = bench.card.events.all.filter { if case .pinWrong = $0 { true } else { false } }
        #expect(wrong == [.pinWrong(triesLeft: 2)])
    }

    @Test func theLastTryIsUsedOnlyWhereThatWasAgreed() async throws {
        let bench = try await bench(.piv) { $0.triesLeft = 1 }
        let pin = PINLines(bench.card.pin)
        let job = try bench.job(pin)
        #expect(try job.ask(bench.list()).listed().pinState == .finalTry)
        #expect(try job.ask(bench.prepare()).failure == "PinFinalTry")
        #expect(try job.ask(bench.prepare(finalTry: true)).prepared().pinState == .finalTry)
        _ = try job.ask(.sign(Requests.login())).signature()
    }

    @Test func aLockedPINIsToldBeforeAnybodyIsAsked() async throws {
        let bench = try await bench(.piv) { $0.triesLeft = 0 }
        let job = try bench.job()
        #expect(try job.ask(bench.list()).listed().pinState == .locked)
        #expect(try job.ask(bench.prepare()).failure == "PinLocked")
    }

    @Test func theWrongPINThatLocksIsFollowedByNoOther() async throws {
        let bench = try await bench(.akis) { $0.triesLeft = 1 }
        let pin = PINLines("999999", bench.card.pin)
        let job = try bench.job(pin)
        // This card's driver cannot tell beforehand.
        _ = try job.ask(bench.prepare()).prepared()
        let first = try job.ask(.sign(Requests.login())).failure
        #expect(first == "PinIncorrect" || first == "PinLocked")
        #expect(try job.ask(.sign(Requests.login())).failure == "PinLocked")
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aCardPulledInMidSignatureIsRemoved(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model)
        bench.card.send(.removeInSignature)
        let pin = PINLines(bench.card.pin)
        let job = try bench.job(pin)
        _ = try job.ask(bench.prepare()).prepared()
        try job.send(.sign(Requests.login()))
        while let reply = try job.receive() {
            if case .progress = reply { continue }
            #expect(Optional(reply).failure == "TokenRemoved")
            break
        }
    }

    @Test func aCardPulledWhileThePINIsAwaitedIsRemoved() async throws {
        let bench = try await bench(.akis)
        let terminal = try PseudoTerminal()
        let job = try TokenProcess(environment: bench.opensc.environment, terminal: terminal.slave)
        var request = PrepareRequest(
            module: bench.opensc.module, reader: bench.pcscd.readers[0].octets, certificateId: try bench.id,
            expectedIdentity: nil, prompt: .terminal, finalTry: false, locale: "tr_TR.UTF-8",
            timeZone: "Europe/Istanbul")
        request.expectedIdentity = try NationalIdentity(certified: Holder.sukru.identity)
        _ = try job.ask(.prepare(request)).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("PIN: ")
        try await bench.card.remove()
        terminal.type(bench.card.pin + "\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive().failure == "TokenRemoved")
    }

    @Test func aCardPulledAndPutBackBetweenTwoSignaturesIsAnother() async throws {
        let bench = try await bench(.akis)
        let pin = PINLines(bench.card.pin)
        let job = try bench.job(pin)
        _ = try job.ask(bench.prepare()).prepared()
        _ = try job.ask(.sign(Requests.login())).signature()
        try await bench.card.remove()
        try await bench.card.insert()
        let reply = try job.ask(.sign(Requests.consent()))
        #expect(reply.failure == "TokenRemoved")
    }

    @Test func aCardThatAnotherProgramHoldsIsBusyAndThenAgainIsNot() async throws {
        let bench = try await bench(.akis)
        let program = try Scratch().path + "/hold-card"
        let source = VendorModule.sources + "/../programs/hold-card.c"
        try Tool("cc", package: "gcc").run(["-I/usr/include/PCSC", "-o", program, source, "-lpcsclite"])
        let reader = bench.pcscd.readers[0].name
        let holder = try await ChildProcess.start(program, [reader], environment: bench.opensc.environment)
        _ = try await holder.lines.next { $0.text == "held" }
        let list = ListRequest(module: bench.opensc.module, reader: Array(reader.utf8), atr: [0x3B], identitySalt: [])
        #expect(try bench.job().ask(.list(list)).failure == "TokenBusy")
        #expect(try bench.job().ask(bench.prepare()).failure == "TokenBusy")
        holder.closeInput()
        _ = await holder.end()
        #expect(try bench.job().ask(.list(list)).listed().certificates.count == 1)
    }

    @Test func aForeignCardIsNotRecognisedAndAnEmptyReaderNeither() async throws {
        let bench = try await bench(.unknown)
        #expect(try bench.job().ask(bench.list()).isUnrecognised)
        try await bench.card.remove()
        #expect(try bench.job().ask(bench.list()).isUnrecognised)
    }

    /// OpenSC keeps what it cannot parse to itself, and on a PKCS#15 card whatever follows: so the good one comes first.
    @Test(arguments: [CardDescription.Model.akis, .piv])
    func brokenCertificatesDoNotHideTheGoodOne(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model) {
            $0.contents.append(CardContent(certificate: [UInt8](repeating: 0xA5, count: 700)))
            $0.contents.append(CardContent(certificate: Array($0.contents[0].certificate.prefix(300))))
        }
        let token = try bench.job().ask(bench.list()).listed()
        #expect(token.certificates.map(\.holder) == [Holder.sukru.name])
    }
}
