// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import TestBench
import Testing
import TokenBench
import VirtualCard

import struct Signatures.CertificateFacts

/// A new PIN for the bench's cards, by the program itself with OpenSC and a pcscd of the test's own.
@Suite(.timeLimit(.minutes(1)))
struct PINJobTests {
    private struct Bench {
        let pcscd: PrivatePCSCD
        let opensc: OpenSC
        let card: TestCard
        let id: String

        func job(_ lines: PINLines? = nil, terminal: Int32? = nil) throws -> TokenProcess {
            try TokenProcess(environment: opensc.environment, pin: lines?.descriptor, terminal: terminal)
        }

        /// The reply to a whole operation with these lines.
        func set(_ task: PINTask, _ lines: String..., adjust: (inout PINRequest) -> Void = { _ in }) throws
            -> TokenReply?
        {
            let lines = PINLines(joined: lines)
            let job = try job(lines)
            let ready = try job.ask(.preparePIN(request(task, adjust)))
            guard ready == .pinPrepared else { return ready }
            return try job.ask(.setPIN(secondsLeft: 60))
        }

        func request(_ task: PINTask, _ adjust: (inout PINRequest) -> Void = { _ in }) -> PINRequest {
            var request = PINRequest(
                task, module: opensc.module, reader: pcscd.readers[0].octets, certificateId: id, prompt: .descriptor,
                requester: "eonay (4711)", locale: "tr_TR.UTF-8")
            adjust(&request)
            return request
        }

        /// Signs with the PIN: it is the card's.
        func signs(with pin: String) throws -> Bool {
            let lines = PINLines(pin)
            let job = try job(lines)
            _ = try job.ask(Requests.prepare(module: opensc.module, reader: pcscd.readers[0].name, id: id)).prepared()
            if case .signed? = try job.ask(.sign(Requests.login())) { return true }
            return false
        }

        /// What the card was told of PIN and PUK, in order.
        var entries: [CardEvent] {
            card.events.all.filter {
                switch $0 {
                case .pinRight, .pinWrong, .pinLocked, .pinSet, .pukWrong, .pukLocked: true
                default: false
                }
            }
        }
    }

    /// - Parameters:
    ///   - drivers: OpenSC's, by their names.
    ///   - style: how OpenSC unblocks; nil: not at all, as it is installed.
    private func bench(
        _ model: CardDescription.Model, drivers: String = "old, internal", unblocks style: String? = nil,
        adjust: (inout CardDescription) -> Void = { _ in }
    ) async throws -> Bench {
        let pcscd = try await PrivatePCSCD(.own(1)).start()
        let opensc = try await OpenSC(pcscd, drivers: drivers, unblocks: style)
        let now: Int64 = 1_800_000_000
        let issued = try TestAuthority(now: now).issue(CertificateRequest(.nes), now: now)
        var description = CardDescription(model, contents: [CardContent(issued)])
        adjust(&description)
        let card = try TestCard(description, in: pcscd.readers[0])
        try await card.insert()
        return Bench(
            pcscd: pcscd, opensc: opensc, card: card, id: try CertificateFacts.read(der: issued.certificate).id)
    }

    // MARK: - Change

    @Test(arguments: [(CardDescription.Model.akis, "old, internal"), (.akis, "isoApplet"), (.piv, "internal")])
    func thePresentPINGivesWayToTheNewOne(_ model: CardDescription.Model, _ drivers: String) async throws {
        let bench = try await bench(model, drivers: drivers)
        #expect(try bench.set(.change, bench.card.pin, "246810") == .pinSet)
        #expect(try bench.signs(with: "246810"))
        #expect(bench.entries.filter { $0 == .pinSet }.count == 1)
        #expect(!bench.entries.contains { if case .pinWrong = $0 { true } else { false } })
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aWrongPresentPINIsTriedOnce(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model)
        let reply = try bench.set(.change, "999999", "246810", bench.card.pin)
        #expect(reply.failure == "PinIncorrect")
        #expect(reply.pinState == .countLow)
        #expect(bench.entries == [.pinWrong(triesLeft: 2)])
        #expect(try bench.signs(with: bench.card.pin))
    }

    @Test(arguments: [("123456", "12"), ("123456", "123456789"), ("12", "246810"), ("123456", "")])
    func whatTheCardCannotTakeIsRefusedBeforeItIsAsked(_ present: String, _ new: String) async throws {
        let bench = try await bench(.piv)
        let reply = try bench.set(.change, present, new)
        #expect(reply.failure == "PinInvalid")
        #expect(reply.detail == (present.count < 4 ? "length" : "new length"))
        #expect(bench.entries.isEmpty)
    }

    /// PKCS#11 has no word for it: the module says so, or the card, after the present PIN was right.
    @Test(arguments: ["letter", "12345"])
    func aNewPINThatTheCardDoesNotTakeLeavesThePresentOne(_ new: String) async throws {
        let bench = try await bench(.piv)
        let reply = try bench.set(.change, bench.card.pin, new)
        #expect(reply.failure == "PinInvalid")
        #expect(reply.detail.hasPrefix("new CKR_"))
        #expect(reply.pinState == .ok)
        #expect(try bench.signs(with: bench.card.pin))
    }

    @Test func aLockedPINAndALastTryAreToldBeforeAnybodyIsAsked() async throws {
        let locked = try await bench(.piv) { $0.triesLeft = 0 }
        #expect(try locked.set(.change).failure == "PinLocked")
        let last = try await bench(.piv) { $0.triesLeft = 1 }
        #expect(try last.set(.change).failure == "PinFinalTry")
        #expect(try last.set(.change, last.card.pin, "246810") { $0.finalTry = true } == .pinSet)
        // A card that does not say so itself: what was seen counts.
        let akis = try await bench(.akis)
        #expect(try akis.set(.change) { $0.seenPINState = .finalTry }.failure == "PinFinalTry")
    }

    @Test func aMissingLineAsksTheCardNothing() async throws {
        let bench = try await bench(.piv)
        #expect(try bench.set(.change, bench.card.pin).failure == "PinPromptUnavailable")
        #expect(bench.entries.isEmpty)
    }

    @Test func oneRequestIsOneTry() async throws {
        let bench = try await bench(.piv)
        let lines = PINLines("999999", "246810", bench.card.pin, "246810")
        let job = try bench.job(lines)
        #expect(try job.ask(.setPIN(secondsLeft: 60)).failure == "InvalidArgument")
        #expect(try job.ask(.preparePIN(bench.request(.change))) == .pinPrepared)
        #expect(try job.ask(.setPIN(secondsLeft: 60)).failure == "PinIncorrect")
        #expect(try job.ask(.setPIN(secondsLeft: 60)).failure == "InvalidArgument")
        #expect(bench.entries == [.pinWrong(triesLeft: 2)])
    }

    @Test func aCardPulledWhileThePromptsStandIsRemoved() async throws {
        let bench = try await bench(.akis)
        let terminal = try PseudoTerminal()
        let job = try bench.job(terminal: terminal.slave)
        #expect(try job.ask(.preparePIN(bench.request(.change) { $0.prompt = .terminal })) == .pinPrepared)
        try job.send(.setPIN(secondsLeft: 60))
        _ = try terminal.waitFor("PIN: ")
        try await bench.card.remove()
        terminal.type(bench.card.pin + "\n")
        for prompt in ["Yeni PIN: ", "Yeni PIN (yeniden): "] {
            _ = try terminal.waitFor(prompt)
            terminal.type("246810\n")
        }
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.settingPIN))
        #expect(try job.receive().failure == "TokenRemoved")
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aCardPulledInTheMiddleIsRemoved(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model)
        let terminal = try PseudoTerminal()
        let job = try bench.job(terminal: terminal.slave)
        #expect(try job.ask(.preparePIN(bench.request(.change) { $0.prompt = .terminal })) == .pinPrepared)
        try job.send(.setPIN(secondsLeft: 60))
        _ = try terminal.waitFor("PIN: ")
        terminal.type(bench.card.pin + "\n")
        _ = try terminal.waitFor("Yeni PIN: ")
        terminal.type("246810\n")
        _ = try terminal.waitFor("Yeni PIN (yeniden): ")
        // The login is the first thing that the card hears.
        bench.card.send(.removeAt(apdu: 2))
        try await bench.card.events.next(.set)
        terminal.type("246810\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.settingPIN))
        #expect(try job.receive().failure == "TokenRemoved")
    }

    // MARK: - Unblocking

    /// PIV by OpenSC: C_SetPIN without a login, where it is configured so; the IsoApplet and its like by the officer.
    @Test(arguments: [
        (CardDescription.Model.piv, "internal", "set_pin_in_unlogged_session"),
        (.akis, "isoApplet", "init_pin_in_so_session"),
    ])
    func thePUKGivesALockedPINANewValue(
        _ model: CardDescription.Model, _ drivers: String, _ style: String
    ) async throws {
        let bench = try await bench(model, drivers: drivers, unblocks: style) { $0.triesLeft = 0 }
        #expect(try bench.set(.unblock, bench.card.description.puk, "246810") == .pinSet)
        #expect(try bench.signs(with: "246810"))
        #expect(!bench.entries.contains { if case .pukWrong = $0 { true } else { false } })
    }

    @Test(arguments: [
        (CardDescription.Model.piv, "internal", "set_pin_in_unlogged_session"),
        (.akis, "isoApplet", "init_pin_in_so_session"),
    ])
    func aWrongPUKIsTriedOnce(_ model: CardDescription.Model, _ drivers: String, _ style: String) async throws {
        let bench = try await bench(model, drivers: drivers, unblocks: style) { $0.triesLeft = 0 }
        let reply = try bench.set(.unblock, "11111111", "246810", bench.card.description.puk)
        #expect(reply.failure == "PukIncorrect")
        #expect(reply.pinState == .countLow)
        #expect(bench.entries.filter { $0 != .pinLocked } == [.pukWrong(triesLeft: 2)])
    }

    @Test func aPUKThatIsLockedIsToldAndUsedNoMore() async throws {
        let bench = try await bench(.akis, drivers: "isoApplet", unblocks: "init_pin_in_so_session") {
            ($0.triesLeft, $0.pukTriesLeft) = (0, 1)
        }
        let reply = try bench.set(.unblock, "11111111", "246810")
        #expect(["PukIncorrect", "PukLocked"].contains(reply.failure))
        #expect(try bench.set(.unblock, bench.card.description.puk, "246810").failure == "PukLocked")
    }

    @Test func theLastTryOfAPUKIsUsedOnlyWhereThatWasAgreed() async throws {
        let bench = try await bench(.piv, unblocks: "set_pin_in_unlogged_session") { $0.triesLeft = 0 }
        let puk = bench.card.description.puk
        #expect(try bench.set(.unblock, puk, "246810") { $0.seenPUKState = .finalTry }.failure == "PukFinalTry")
        #expect(bench.entries.isEmpty)
        #expect(
            try bench.set(.unblock, puk, "246810") { ($0.seenPUKState, $0.finalTry) = (.finalTry, true) } == .pinSet)
    }

    /// OpenSC as it is installed. The right PUK is there, and stays unspent.
    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aDriverThatDoesNotUnblockIsNamed(_ model: CardDescription.Model) async throws {
        let bench = try await bench(model) { $0.triesLeft = 0 }
        let reply = try bench.set(.unblock, bench.card.description.puk, "246810")
        #expect(reply.failure == "NotSupported", "\(reply.detail)")
        #expect(reply.detail.hasPrefix("CKR_"))
        #expect(!bench.entries.contains { if case .pukWrong = $0 { true } else { $0 == .pinSet } })
    }
}
