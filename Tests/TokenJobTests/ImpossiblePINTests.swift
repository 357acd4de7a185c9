// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Glibc
import JobFrames
import Testing
import TokenBench

import struct Signatures.CertificateFacts

/// An entry that can be no PIN is refused before the card is asked, on whichever way it came.
@Suite(.timeLimit(.minutes(1)))
struct ImpossiblePINTests {
    private let bench: SoftHSM

    init() throws { bench = try SoftHSM(keys: [.p256]) }

    private func prepare(_ prompt: PINPrompt) throws -> TokenRequest {
        Requests.prepare(
            module: SoftHSM.module, reader: "", id: try CertificateFacts.read(der: bench.entries[0].der).id,
            prompt: prompt)
    }

    private func job(
        handing octets: [UInt8]? = nil, terminal: Int32? = nil, environment: [String: String] = [:]
    ) throws -> TokenProcess {
        var ends: [Int32] = [-1, -1]
        if let octets {
            // Closed on exec from the first moment: a test beside this one must not keep the end from being seen.
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
            write(ends[1], octets, octets.count)
        }
        defer { for end in ends where end >= 0 { close(end) } }
        return try TokenProcess(
            environment: ["SOFTHSM2_CONF": bench.configuration].merging(environment) { $1 },
            pin: octets == nil ? nil : ends[0], terminal: terminal)
    }

    /// SoftHSM marks the token after a wrong PIN.
    private func expectNoTry(_ job: TokenProcess) throws {
        #expect(try self.job(handing: []).ask(prepare(.descriptor)).prepared().pinState == .ok)
    }

    private static let pin = Array(SoftHSM.pin.utf8)

    @Test(arguments: [
        pin + [0x0A], pin + [0x0D, 0x0A], pin + [0x0D], pin, pin + [0x0D, 0x0A] + pin + [0x0D, 0x0A],
    ])
    func aLineMayEndAsAnySystemEndsIt(octets: [UInt8]) throws {
        let job = try job(handing: octets)
        _ = try job.ask(prepare(.descriptor)).prepared()
        _ = try job.ask(.sign(Requests.login())).signature()
    }

    @Test(
        arguments: [
            [0xEF, 0xBB, 0xBF] + pin + [0x0A],  // a byte order mark
            [0xFF, 0xFE] + pin.flatMap { [$0, 0] } + [0x0A, 0],  // UTF-16
            [0x20] + pin + [0x0A], pin + [0x20, 0x0A], pin + [0x09, 0x0A], pin + [0x0D, 0x0D, 0x0A], pin + [0, 0x0A],
            pin.prefix(3) + [0x0D] + pin.suffix(3) + [0x0A], [0x1B] + pin, pin + [0xC2, 0xA0, 0x0A],
            [0x0A], [0x0D, 0x0A], [0x0A] + pin + [0x0A],
            [UInt8](repeating: 0x31, count: 256) + [0x0A], [UInt8](repeating: 0x31, count: 5000),
            [UInt8](repeating: 0, count: 5000),
        ] as [[UInt8]])
    func anythingElseThatNoPINCanHaveCostsNoTry(octets: [UInt8]) throws {
        let job = try job(handing: octets)
        _ = try job.ask(prepare(.descriptor)).prepared()
        let reply = try job.ask(.sign(Requests.login()))
        #expect(reply.failure == "PinInvalid")
        #expect(["length", "characters"].contains(reply.detail))
        try expectNoTry(job)
    }

    @Test(arguments: [
        "%00", "%00\(SoftHSM.pin)", "\(SoftHSM.pin)%00", "\(SoftHSM.pin)%0A", "%09\(SoftHSM.pin)", "648%1B219",
        " 648219",
    ])
    func aPinentryThatAnswersSoIsAskedThriceAndTheCardNever(answer: String) throws {
        let scratch = try Scratch()
        let program = try scratch.pinentry(
            #"GETPIN) echo asked >> "\#(scratch.path)/asked"; echo "D \#(answer)"; echo OK;;"#)
        let job = try job(environment: ["DISPLAY": ":99"])
        _ = try job.ask(prepare(.pinentry(path: program))).prepared()
        #expect(try job.ask(.sign(Requests.login())).failure == "PinInvalid")
        #expect(try String(contentsOfFile: scratch.path + "/asked", encoding: .utf8) == "asked\nasked\nasked\n")
        try expectNoTry(job)
    }

    @Test func onATerminalItIsSaidAndAskedAgain() throws {
        let terminal = try PseudoTerminal()
        let job = try job(terminal: terminal.slave)
        _ = try job.ask(prepare(.terminal)).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("PIN: ")
        terminal.type(SoftHSM.pin + " \n")
        #expect(try terminal.waitFor("PIN: ").contains("boşluk"))
        terminal.type(SoftHSM.pin + "\n")
        #expect(try job.receive() == .progress(.waitingForPIN))
        #expect(try job.receive() == .progress(.signing))
        _ = try job.receive().signature()
    }

    @Test func whatIsNoTerminalIsRefusedBeforeAnythingIsShown() throws {
        let terminal = try PseudoTerminal()
        let oneWay = open(terminal.path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { for descriptor in [oneWay, null] { close(descriptor) } }
        for descriptor in [terminal.master, oneWay, null] {
            #expect(try job(terminal: descriptor).ask(prepare(.terminal)).failure == "PinPromptUnavailable")
        }
        var wait = [terminal.master, terminal.slave].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        #expect(poll(&wait, 2, 0) == 0)
    }
}
