// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import JobFrames
import Testing
import TokenBench

import struct Signatures.CertificateFacts

/// A new PIN for a SoftHSM token, on each way that a person can be asked; and modules that do less.
@Suite(.timeLimit(.minutes(1)))
struct SoftHSMPINJobTests {
    private let bench: SoftHSM

    init() throws { bench = try SoftHSM(keys: [.p256]) }

    private func request(
        _ task: PINTask, _ prompt: PINPrompt = .descriptor, module: String = SoftHSM.module,
        adjust: (inout PINRequest) -> Void = { _ in }
    ) throws -> TokenRequest {
        var request = PINRequest(
            task, module: module, reader: [], certificateId: try CertificateFacts.read(der: bench.entries[0].der).id,
            prompt: prompt, requester: "eonay (4711)", locale: "tr_TR.UTF-8")
        adjust(&request)
        return .preparePIN(request)
    }

    private func job(
        _ lines: PINLines? = nil, terminal: Int32? = nil, environment: [String: String] = [:]
    ) throws -> TokenProcess {
        try TokenProcess(
            environment: ["SOFTHSM2_CONF": bench.configuration].merging(environment) { $1 }, pin: lines?.descriptor,
            terminal: terminal)
    }

    private func signs(with pin: String) throws -> Bool {
        let lines = PINLines(pin)
        let job = try job(lines)
        let id = try CertificateFacts.read(der: bench.entries[0].der).id
        _ = try job.ask(Requests.prepare(module: SoftHSM.module, reader: "", id: id)).prepared()
        if case .signed? = try job.ask(.sign(Requests.login())) { return true }
        return false
    }

    private func set(_ task: PINTask, _ lines: String...) throws -> TokenReply? {
        let lines = PINLines(joined: lines)
        let job = try job(lines)
        #expect(try job.ask(request(task)) == .pinPrepared)
        return try job.ask(.setPIN(secondsLeft: 60))
    }

    @Test func presentPINAndSOPINEachSetANewOne() throws {
        #expect(try set(.change, SoftHSM.pin, "135791") == .pinSet)
        #expect(try signs(with: "135791"))
        #expect(try set(.unblock, SoftHSM.puk, "975310") == .pinSet)
        #expect(try signs(with: "975310"))
    }

    @Test func aWrongSOPINIsAWrongPUK() throws {
        let reply = try set(.unblock, "00000000", "975310")
        #expect(reply.failure == "PukIncorrect")
        #expect(reply.pinState == .countLow)
        #expect(try signs(with: SoftHSM.pin))
    }

    @Test func theFactsOfThePINAreListed() throws {
        let listed = try job().ask(
            .list(ListRequest(module: SoftHSM.module, reader: [], atr: [], identitySalt: []))
        ).listed()
        #expect(listed.pin == PINFacts(shortest: 4, longest: 255))
    }

    // MARK: - The person

    @Test func theTerminalShowsTheCardAndAsksForTheNewPINTwice() throws {
        let terminal = try PseudoTerminal()
        let job = try job(terminal: terminal.slave)
        #expect(try job.ask(request(.change, .terminal) { $0.seenPINState = .countLow }) == .pinPrepared)
        try job.send(.setPIN(secondsLeft: 60))
        let first = try terminal.waitFor("Şimdiki PIN: ")
        #expect(first.contains("bench") && first.contains("eonay (4711)") && first.contains(SoftHSM.holder.prefix(5)))
        #expect(first.contains("Daha önce yanlış bir PIN girildi."))
        terminal.type(SoftHSM.pin + "\n")
        _ = try terminal.waitFor("Yeni PIN: ")
        terminal.type("12\n")
        let again = try terminal.waitFor("Yeni PIN: ")
        #expect(again.contains("en az 4"))
        terminal.type("135791\n")
        _ = try terminal.waitFor("Yeni PIN (yeniden): ")
        terminal.type("135790\n")
        let different = try terminal.waitFor("Yeni PIN: ")
        #expect(different.contains("birbirinden farklı"))
        terminal.type("135791\n")
        _ = try terminal.waitFor("Yeni PIN (yeniden): ")
        terminal.type("135791\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.settingPIN))
        #expect(try job.receive() == .pinSet)
        #expect(try signs(with: "135791"))
    }

    @Test func threePairsThatDifferAreTheEnd() throws {
        let terminal = try PseudoTerminal()
        let job = try job(terminal: terminal.slave)
        #expect(try job.ask(request(.change, .terminal)) == .pinPrepared)
        try job.send(.setPIN(secondsLeft: 60))
        _ = try terminal.waitFor("Şimdiki PIN: ")
        terminal.type(SoftHSM.pin + "\n")
        for _ in 1...3 {
            _ = try terminal.waitFor("Yeni PIN: ")
            terminal.type("135791\n")
            _ = try terminal.waitFor("Yeni PIN (yeniden): ")
            terminal.type("197531\n")
        }
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive().failure == "PinMismatch")
        #expect(try signs(with: SoftHSM.pin))
    }

    @Test func aPromptThatIsClosedOrLeftChangesNothing() throws {
        for (seconds, name) in [(UInt32(60), "PinCancelled"), (0, "Cancelled")] {
            let terminal = try PseudoTerminal()
            let job = try job(terminal: terminal.slave)
            #expect(try job.ask(request(.unblock, .terminal)) == .pinPrepared)
            try job.send(.setPIN(secondsLeft: seconds))
            let shown = try terminal.waitFor("PUK: ")
            #expect(shown.contains("kalıcı olarak kullanılamaz"))
            if seconds > 0 { terminal.type("\n") }
            #expect(try job.receive() == .progress(.waitingForPIN))
            #expect(try job.receive().failure == name)
        }
        #expect(try signs(with: SoftHSM.pin))
    }

    @Test func aPinentryIsAskedForEachAndKeepsNothing() throws {
        let scratch = try Scratch()
        let program = try scratch.pinentry(
            """
            "SETPROMPT Yeni"*) answer=135791; echo OK;;
            "SETPROMPT "*) answer=\(SoftHSM.pin); echo OK;;
            GETPIN) echo "D $answer"; echo OK;;
            """)
        let job = try job(environment: ["DISPLAY": ":99"])
        #expect(try job.ask(request(.change, .pinentry(path: program))) == .pinPrepared)
        #expect(try job.ask(.setPIN(secondsLeft: 60)) == .pinSet)
        let log = try String(contentsOfFile: scratch.path + "/log", encoding: .utf8)
        #expect(log.split(separator: "\n").count { $0 == "GETPIN" } == 3)
        #expect(log.contains("Kart: bench"))
        #expect(try signs(with: "135791"))
    }

    // MARK: - Modules

    @Test(arguments: [
        (PINTask.change, "C_SetPIN return 54", "CKR_FUNCTION_NOT_SUPPORTED C_SetPIN"),
        (.unblock, "C_InitPIN return 54", "CKR_FUNCTION_NOT_SUPPORTED C_InitPIN"),
        (.unblock, "C_Login return 54", "CKR_FUNCTION_NOT_SUPPORTED C_Login"),
        (.unblock, "C_Login return 103", "CKR_USER_TYPE_INVALID C_Login"),
    ])
    func aModuleThatDoesNotDoItIsNamed(_ task: PINTask, _ lie: String, _ detail: String) throws {
        let reply = try reply(task, lie)
        #expect(reply.failure == "NotSupported")
        #expect(reply.detail == detail)
    }

    @Test(arguments: [
        (PINTask.change, "C_GetTokenInfo raise 40000", "PinLocked"),
        (.change, "C_GetTokenInfo raise 20000", "PinFinalTry"),
        (.unblock, "C_GetTokenInfo raise 400000", "PukLocked"),
        (.unblock, "C_GetTokenInfo raise 200000", "PukFinalTry"),
    ])
    func theFlagsAreReadBeforeAnybodyIsAsked(_ task: PINTask, _ lie: String, _ name: String) throws {
        let module = try LyingModule(over: SoftHSM.module, lie)
        try module.noteCalls()
        #expect(try job().ask(request(task, .none, module: module.path)).failure == name)
        #expect(!module.calls.contains("C_Login"))
    }

    @Test func aPINThatHasToBeChangedCanBe() throws {
        let reply = try reply(.change, "C_Login after return a3")
        #expect(reply == .pinSet)
        #expect(try signs(with: "135791"))
    }

    @Test func aKeypadIsUsedAfterThePersonAgrees() throws {
        let module = try LyingModule(
            over: SoftHSM.module, "C_GetTokenInfo raise 100", "C_Login return 0", "C_SetPIN return 0")
        try module.noteCalls()
        let terminal = try PseudoTerminal()
        let job = try job(terminal: terminal.slave)
        #expect(try job.ask(request(.change, .terminal, module: module.path)) == .pinPrepared)
        try job.send(.setPIN(secondsLeft: 60))
        let shown = try terminal.waitFor("[Enter]")
        #expect(shown.contains("tuş takımında"))
        #expect(!module.calls.contains("C_Login"))
        terminal.type("\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.settingPIN))
        #expect(try job.receive() == .pinSet)
        #expect(module.calls.filter { ["C_Login", "C_SetPIN"].contains($0) } == ["C_Login", "C_SetPIN"])
    }

    private func reply(_ task: PINTask, _ lie: String) throws -> TokenReply? {
        let module = try LyingModule(over: SoftHSM.module, lie)
        let lines = PINLines(task == .change ? SoftHSM.pin : SoftHSM.puk, "135791")
        let job = try job(lines)
        let ready = try job.ask(request(task, module: module.path))
        return ready == .pinPrepared ? try job.ask(.setPIN(secondsLeft: 60)) : ready
    }
}
