// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Glibc
import JobFrames
import Testing
import TokenBench

import struct Signatures.CertificateFacts

/// Tokens that SoftHSM cannot be by itself: with a keypad, with flags, with keys that want the PIN each time.
@Suite(.timeLimit(.minutes(1)))
struct OddTokenJobTests {
    private let bench: SoftHSM
    private let module: VendorModule

    init() throws {
        bench = try SoftHSM(keys: [.p256])
        module = try VendorModule("over-softhsm")
    }

    private func job(
        _ environment: [String: String], pin: PINLines? = nil, terminal: PseudoTerminal? = nil
    ) throws -> TokenProcess {
        try TokenProcess(
            environment: ["SOFTHSM2_CONF": bench.configuration].merging(environment) { $1 }, pin: pin?.descriptor,
            terminal: terminal?.slave)
    }

    private func prepare(_ prompt: PINPrompt, finalTry: Bool = false) throws -> TokenRequest {
        Requests.prepare(
            module: module.path, reader: "", id: try CertificateFacts.read(der: bench.entries[0].der).id,
            prompt: prompt,
            finalTry: finalTry)
    }

    private let keypad = ["EONAY_TEST_FLAGS": "100"]

    @Test func withAKeypadTheTextIsAgreedToAndNoPINIsAskedFor() throws {
        let terminal = try PseudoTerminal()
        let job = try job(keypad.merging(["EONAY_TEST_KEYPAD": SoftHSM.pin]) { $1 }, terminal: terminal)
        let list = ListRequest(module: module.path, reader: [], atr: [], identitySalt: [])
        #expect(try job.ask(.list(list)).listed().protectedAuthenticationPath)
        _ = try job.ask(prepare(.terminal)).prepared()
        try job.send(.sign(Requests.login()))
        let shown = try terminal.waitFor("[Enter]")
        #expect(shown.contains(Requests.declaration.statement))
        #expect(!shown.contains("PIN:"))
        terminal.type("\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.signing))
        _ = try job.receive().signature()
        _ = try job.ask(.sign(Requests.consent())).signature()
    }

    @Test func whoDoesNotAgreeIsNotSentToTheKeypad() throws {
        let terminal = try PseudoTerminal()
        let job = try job(keypad.merging(["EONAY_TEST_KEYPAD": "000000"]) { $1 }, terminal: terminal)
        _ = try job.ask(prepare(.terminal)).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("[Enter]")
        terminal.type("no\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive().failure == "PinCancelled")
        // The token has seen no login: a wrong PIN would have left its mark.
        #expect(try job.ask(prepare(.terminal)).prepared().pinState == .ok)
    }

    @Test func aKeypadThatWasCancelledIsACancellation() throws {
        let terminal = try PseudoTerminal()
        let job = try job(keypad, terminal: terminal)
        _ = try job.ask(prepare(.terminal)).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("[Enter]")
        terminal.type("\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive().failure == "PinCancelled")
    }

    @Test func aKeyThatWantsThePINEachTimeTakesALineEachTime() throws {
        let pin = PINLines(SoftHSM.pin, SoftHSM.pin)
        let job = try job(["EONAY_TEST_ALWAYS": "1"], pin: pin)
        _ = try job.ask(prepare(.descriptor)).prepared()
        _ = try job.ask(.sign(Requests.login())).signature()
        _ = try job.ask(.sign(Requests.consent())).signature()
        #expect(try job.ask(.sign(Requests.consent())).failure == "PinPromptUnavailable")
    }

    @Test(arguments: [("40000", "PinLocked"), ("80000", "PinChangeRequired"), ("20000", "PinFinalTry")])
    func whatTheFlagsForbidIsToldBeforeAnybodyIsAsked(_ flags: String, _ failure: String) throws {
        let pin = PINLines()
        let job = try job(["EONAY_TEST_FLAGS": flags], pin: pin)
        #expect(try job.ask(prepare(.descriptor)).failure == failure)
    }

    @Test func theLastTryIsWarnedOf() throws {
        let terminal = try PseudoTerminal()
        let job = try job(["EONAY_TEST_FLAGS": "20000"], terminal: terminal)
        _ = try job.ask(prepare(.terminal, finalTry: true)).prepared()
        try job.send(.sign(Requests.login()))
        #expect(try terminal.waitFor("PIN: ").contains("Bu son deneme"))
    }

    @Test func aDescriptorThatWasNotHandedOverIsNotRead() throws {
        #expect(try job([:]).ask(prepare(.descriptor)).failure == "PinPromptUnavailable")
        #expect(try job([:]).ask(prepare(.terminal)).failure == "PinPromptUnavailable")
    }

    @Test func theJobLeavesNoCoreFile() throws {
        let job = try job([:])
        _ = try job.ask(prepare(.none))
        let limits = try String(contentsOfFile: "/proc/\(job.identifier)/limits", encoding: .utf8)
        let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ").filter { $0 == "0" }.count == 2)
    }

    @Test func aJobThatIsKilledTakesItsPinentryWithIt() throws {
        let scratch = try Scratch()
        let program = try scratch.write(
            "pinentry", "#!/bin/sh\necho $$ > \(scratch.path)/pid\necho OK\nwhile read -r line; do echo OK; done\n",
            mode: 0o700)
        let job = try job(["DISPLAY": ":99"])
        _ = try job.ask(prepare(.pinentry(path: program))).prepared()
        let text = try String(contentsOfFile: scratch.path + "/pid", encoding: .utf8)
        let pinentry = try #require(pid_t(text.filter(\.isNumber)))
        #expect(kill(pinentry, 0) == 0)
        kill(job.identifier, SIGKILL)
        job.wait()
        try Tool("tail", package: "coreutils").run(["--pid=\(pinentry)", "-s", "0.01", "-f", "/dev/null"])
        #expect(kill(pinentry, 0) == -1)
    }
}
