// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import JobFrames
import Signatures
import Testing
import TokenBench

/// The program itself, with SoftHSM behind it and the PIN from a descriptor.
@Suite(.timeLimit(.minutes(1)))
struct SoftHSMJobTests {
    private let bench: SoftHSM
    private var environment: [String: String] { ["SOFTHSM2_CONF": bench.configuration] }

    init() throws { bench = try SoftHSM() }

    private func id(_ entry: SoftHSM.Entry) throws -> String { try CertificateFacts.read(der: entry.der).id }

    private func prepare(_ entry: SoftHSM.Entry, prompt: PINPrompt = .descriptor) throws -> TokenRequest {
        Requests.prepare(module: SoftHSM.module, reader: "", id: try id(entry), prompt: prompt)
    }

    /// The text that openssl finds signed, or its complaint.
    private func content(_ signature: [UInt8], _ entry: SoftHSM.Entry) throws -> String {
        let file = try Scratch().write("s", "")
        try Data(signature).write(to: URL(fileURLWithPath: file))
        let content = try Tool("openssl", package: "openssl").run([
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file, "-CAfile", entry.pem, "-purpose",
            "any",
            "-no_check_time",
        ])
        return String(decoding: content, as: UTF8.self)
    }

    @Test(arguments: SoftHSM.Key.allCases)
    func onePINSignsSignInAndConsent(_ key: SoftHSM.Key) throws {
        let entry = try #require(bench.entries.first { $0.key == key })
        let pin = PINLines(SoftHSM.pin)
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        let prepared = try job.ask(prepare(entry)).prepared()
        #expect(prepared.identity.digits == SoftHSM.identity)
        #expect(prepared.certificate == entry.der)
        let login = try job.ask(.sign(Requests.login())).signature()
        let consent = try job.ask(.sign(Requests.consent())).signature()
        #expect(try content(login, entry) == Requests.loginText(identity: SoftHSM.identity))
        #expect(try content(consent, entry) == Requests.consentText(identity: SoftHSM.identity))
        #expect(job.finish() == 0)
    }

    @Test func progressIsToldInItsOrder() throws {
        let pin = PINLines(SoftHSM.pin)
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        _ = try job.ask(prepare(bench.entries[1])).prepared()
        try job.send(.sign(Requests.login()))
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.signing))
        _ = try job.receive().signature()
        // The second signature asks nobody.
        try job.send(.sign(Requests.consent()))
        #expect(try job.receive() == .progress(.signing))
        _ = try job.receive().signature()
    }

    @Test func certificatesAreListedWithoutAPINAndWithoutTheNumber() throws {
        let job = try TokenProcess(environment: environment)
        let salt: [UInt8] = [1, 2, 3]
        let token = try job.ask(
            .list(ListRequest(module: SoftHSM.module, reader: Array("".utf8), atr: [], identitySalt: salt))
        ).listed()
        #expect(token.broken == 0)
        #expect(token.pinState == .ok)
        #expect(Set(token.certificates.map(\.keyType)) == ["rsa-2048", "ec-p256", "ec-p384"])
        for certificate in token.certificates {
            #expect(certificate.holder == SoftHSM.holder)
            #expect(certificate.maskedIdentity == "100********")
            #expect(certificate.identityKey.count == 32)
            #expect(!certificate.subject.contains(SoftHSM.identity))
            #expect(certificate.hindrances == [.notQualified])
        }
        #expect(Set(token.certificates.map(\.identityKey)).count == 1)
    }

    @Test func aWrongPINIsToldOnceAndWithWhatItLeaves() throws {
        let pin = PINLines("000000", SoftHSM.pin)
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        _ = try job.ask(prepare(bench.entries[1])).prepared()
        let wrong = try job.ask(.sign(Requests.login()))
        #expect(wrong.failure == "PinIncorrect")
        #expect(wrong.detail == "CKR_PIN_INCORRECT C_Login")
        #expect(wrong.pinState == .countLow)
        // The next attempt takes the next line: nothing was tried in between.
        _ = try job.ask(.sign(Requests.login())).signature()
    }

    @Test func aMissingLineIsNoPrompt() throws {
        let pin = PINLines()
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        _ = try job.ask(prepare(bench.entries[1])).prepared()
        #expect(try job.ask(.sign(Requests.login())).failure == "PinPromptUnavailable")
    }

    @Test func aPINOfAnImpossibleLengthIsNotTried() throws {
        let pin = PINLines("1", SoftHSM.pin)
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        _ = try job.ask(prepare(bench.entries[1])).prepared()
        #expect(try job.ask(.sign(Requests.login())).failure == "PinInvalid")
        let again = try job.ask(prepare(bench.entries[1])).prepared()
        #expect(again.pinState == .ok)
    }

    @Test func aDeclarationThatChangedIsNotSigned() throws {
        let pin = PINLines(SoftHSM.pin)
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        _ = try job.ask(prepare(bench.entries[1])).prepared()
        _ = try job.ask(.sign(Requests.login())).signature()
        let changed = try Declaration(
            decision: .accept, version: Requests.declaration.version,
            statement: Requests.declaration.statement + " Ve başka bir şey.")
        #expect(try job.ask(.sign(Requests.consent(changed))).failure == "StatementChanged")
    }

    @Test func aPINThatComesAfterTheDeadlineSignsNothing() throws {
        let pin = PINLines(SoftHSM.pin)
        let job = try TokenProcess(environment: environment, pin: pin.descriptor)
        _ = try job.ask(prepare(bench.entries[1])).prepared()
        #expect(try job.ask(.sign(Requests.login(secondsLeft: 0))).failure == "CodeExpired")
    }

    @Test func whatCanBeRefusedBeforeThePINIsRefusedAtPrepare() throws {
        let job = try TokenProcess(environment: environment)
        let entry = bench.entries[1]
        #expect(try job.ask(prepare(entry, prompt: .none)).failure == "PinPromptUnavailable")
        #expect(try job.ask(prepare(entry, prompt: .terminal)).failure == "PinPromptUnavailable")
        #expect(
            try job.ask(Requests.prepare(module: SoftHSM.module, reader: "", id: String(repeating: "0", count: 64)))
                .failure
                == "NoCertificate")
        #expect(
            try job.ask(
                Requests.prepare(module: SoftHSM.module, reader: "", id: id(entry), identity: "19090909018")
            ).failure == "IdentityMismatch")
        #expect(
            try job.ask(Requests.prepare(module: SoftHSM.module, reader: "Other 00 00", id: id(entry))).failure
                == "TokenRemoved")
        #expect(
            try job.ask(Requests.prepare(module: "/nonexistent/libakisp11.so", reader: "", id: id(entry))).failure
                == "NoModule")
        #expect(try job.ask(.sign(Requests.login())).failure == "InvalidArgument")
    }

    @Test func aPinentryShowsTheTextAndGivesThePIN() throws {
        let scratch = try Scratch()
        let program = try scratch.pinentry("GETPIN) echo \"D \(SoftHSM.pin)\"; echo OK;;")
        let job = try TokenProcess(environment: environment.merging(["DISPLAY": ":99"]) { $1 })
        _ = try job.ask(prepare(bench.entries[2], prompt: .pinentry(path: program))).prepared()
        _ = try job.ask(.sign(Requests.login())).signature()
        let log = try String(contentsOfFile: scratch.path + "/log", encoding: .utf8)
        #expect(log.contains("%0AKarar: KABUL EDİYORUM%0A%0AElektronik"))
        #expect(log.contains("SETOK İmzala"))
        #expect(!log.contains(SoftHSM.pin))
    }

    @Test func withoutDisplayAndTerminalNoPinentryIsTaken() throws {
        let job = try TokenProcess(
            environment: environment.merging(["DISPLAY": "", "WAYLAND_DISPLAY": "", "GPG_TTY": ""]) { $1 })
        #expect(try job.ask(prepare(bench.entries[1], prompt: .pinentry(path: nil))).failure == "PinPromptUnavailable")
    }

    @Test func theCallersTerminalIsAskedAndPutRight() throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let job = try TokenProcess(environment: environment, terminal: terminal.slave)
        _ = try job.ask(prepare(bench.entries[1], prompt: .terminal)).prepared()
        try job.send(.sign(Requests.login()))
        let shown = try terminal.waitFor("PIN: ")
        #expect(shown.contains(Requests.declaration.statement))
        terminal.type("12\n")  // too short for the card: asked again, no try used
        let again = try terminal.waitFor("PIN: ")
        #expect(again.contains("4"))
        terminal.type(SoftHSM.pin + "\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.signing))
        _ = try job.receive().signature()
        #expect(terminal.localFlags == modes)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalEndsThePromptAndLeavesTheTerminalRight(_ signal: Int32) throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let job = try TokenProcess(environment: environment, terminal: terminal.slave)
        _ = try job.ask(prepare(bench.entries[1], prompt: .terminal)).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("PIN: ")
        #expect(terminal.localFlags != modes)
        kill(job.identifier, signal)
        #expect(job.wait() & 0x7F == signal)
        #expect(terminal.localFlags == modes)
    }

    @Test func aParentThatClosesItsEndEndsPromptAndJob() throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let job = try TokenProcess(environment: environment, terminal: terminal.slave)
        _ = try job.ask(prepare(bench.entries[1], prompt: .terminal)).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("PIN: ")
        _ = job.finish()
        #expect(terminal.localFlags == modes)
    }
}
