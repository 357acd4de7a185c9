// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import TestBench
import Testing
import TokenBench
import VirtualCard

/// The program itself and a card of AKİS 2.x, without any module.
@Suite(.timeLimit(.minutes(1)))
struct DirectReadingTests {
    private let now: Int64 = 1_800_000_000

    private func bench(
        _ model: CardDescription.Model = .akis2, _ prepare: (inout CardDescription) throws -> Void = { _ in }
    ) async throws -> (pcscd: PrivatePCSCD, card: TestCard) {
        let pcscd = try await PrivatePCSCD().start()
        let authority = try TestAuthority(now: now)
        var description = CardDescription(
            model,
            contents: try [CertificateRequest(), CertificateRequest(for: .isil)].map {
                CardContent(try authority.issue($0, now: now))
            })
        try prepare(&description)
        return (pcscd, try await pcscd.insert(description))
    }

    private func read(_ pcscd: PrivatePCSCD) throws -> TokenReply? {
        let request = ReadRequest(reader: pcscd.readers[0].octets, identitySalt: [1])
        return try TokenProcess(environment: pcscd.environment).ask(.read(request))
    }

    /// The same as soon as pcscd says that the card is there, which it has powered before.
    private func readWhatIsIn(_ pcscd: PrivatePCSCD) throws -> TokenReply? {
        while true {
            let reply = try read(pcscd)
            // SCARD_E_NO_SMARTCARD
            if reply.detail != "SCardConnect 0x8010000c" { return reply }
        }
    }

    @Test func theCertificatesAreThoseThatAModuleReads() async throws {
        let bench = try await bench()
        let token = try readWhatIsIn(bench.pcscd).listed()
        #expect(token.certificates.map(\.holder) == [Holder.sukru.name, Holder.isil.name])
        #expect(token.certificates.allSatisfy { $0.qualified } && token.broken == 0)
        #expect(token.model == "AKİS" && token.pinState == .unknown && token.label.isEmpty)
        let opensc = try await OpenSC(bench.pcscd)
        let list = ListRequest(
            module: opensc.module, reader: bench.pcscd.readers[0].octets, atr: [0x3B], identitySalt: [1])
        let read = try TokenProcess(environment: opensc.environment).ask(.list(list)).listed()
        #expect(read.certificates == token.certificates)
        // Nobody has tried a PIN.
        #expect(!bench.card.events.all.contains { if case .pinWrong = $0 { true } else { false } })
    }

    @Test func filesThatLieAboutTheirLengthHideNoCertificate() async throws {
        let bench = try await bench { card in
            let good = card.contents[0].certificate
            card.contents = [
                Array(good.prefix(300)), [0x30, 0x82, 0xFF, 0xFF] + good.dropFirst(4), good + [0x05, 0x00],
                [0x30, 0x82, 0x01, 0x00] + [UInt8](repeating: 0xA5, count: 256), Array("text".utf8),
            ].map { CardContent(certificate: $0) }
        }
        let token = try readWhatIsIn(bench.pcscd).listed()
        #expect(token.certificates.map(\.holder) == [Holder.sukru.name])
        #expect(token.broken == 4)
    }

    @Test func aCertificateThatStandsTwiceIsOne() async throws {
        let bench = try await bench { $0.contents.append($0.contents[0]) }
        #expect(try readWhatIsIn(bench.pcscd).listed().certificates.count == 2)
    }

    @Test(arguments: [CardDescription.Model.akis, .piv, .unknown])
    func anotherCardIsNotKnown(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model) { if model == .unknown { $0.contents = [] } }
        #expect(try readWhatIsIn(bench.pcscd).isUnrecognised)
    }

    @Test(arguments: [2, 5, 8])
    func aCardThatIsPulledInTheMiddleIsToldSo(_ command: Int) async throws {
        let bench = try await bench { _ in }
        bench.card.send(.removeAt(apdu: command))
        try await bench.card.events.next(.set)
        let failure = try readWhatIsIn(bench.pcscd).failure
        #expect(failure == "TokenRemoved" || failure == "TokenFailed")
    }

    @Test func anEmptyReaderAndAServiceThatIsGoneAreErrors() async throws {
        let bench = try await bench()
        try await bench.card.remove()
        #expect(try read(bench.pcscd).failure == "TokenRemoved")
        await bench.pcscd.stop()
        #expect(try read(bench.pcscd).failure == "TokenFailed")
    }
}
