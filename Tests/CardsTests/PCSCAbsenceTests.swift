// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPCSC
import Foundation
import TestBench
import Testing

@testable import Cards

@Suite(.timeLimit(.minutes(1)))
struct PCSCAbsenceTests {
    private static let reset = PCSCError.Code.securityViolation
    private static let end = PCSCError.Code.communicationFailed
    private static let broken = PCSCError.Code.noService

    /// The state that is found at each of these failures in turn, of a service that listens.
    private func findings(_ codes: [PCSCError.Code], isListening: Bool? = true) -> [PCSCAbsence.Finding] {
        var absence = PCSCAbsence()
        return codes.map { absence.failed($0) { isListening } }
    }

    @Test func aRefusalIsBelievedAtTheSixthInAnyOrderOfItsNames() {
        let names = [Self.reset, Self.end, Self.broken]
        for number in 0..<729 {
            let codes = (0..<6).reduce(into: (number, [PCSCError.Code]())) { state, _ in
                state.1.append(names[state.0 % 3])
                state.0 /= 3
            }.1
            #expect(findings(codes) == Array(repeating: .undecided, count: 5) + [.denied])
        }
    }

    @Test func nobodyAtTheSocketIsAnAbsenceAtOnceAndEndsTheCount() {
        #expect(findings([Self.broken], isListening: false) == [.absent])
        var absence = PCSCAbsence()
        for _ in 0..<5 { #expect(absence.failed(Self.reset) { true } == .undecided) }
        #expect(absence.failed(Self.broken) { false } == .absent)
        #expect(absence.failed(Self.reset) { true } == .undecided)
    }

    @Test func whatCannotBeFoundOutDecidesNothing() {
        #expect(
            findings([Self.broken, Self.broken, Self.broken], isListening: nil) == [.undecided, .undecided, .undecided])
    }

    @Test func aGoodWaitEndsTheCount() {
        var absence = PCSCAbsence()
        for _ in 0..<5 { _ = absence.failed(Self.end) { true } }
        absence.reset()
        #expect(absence.failed(Self.end) { true } == .undecided)
    }

    @Test func aSocketIsOneOnlyWhileSomebodyListens() throws {
        let folder = try TemporaryFolder()
        let service = PCSCService(path: folder.file("pcscd.comm"))
        #expect(service.isListening() == false)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: folder.file("pcscd.comm").utf8) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound)
        #expect(service.isListening() == false)
        listen(listener, 1)
        #expect(service.isListening() == true)
        #expect(service.isInstalled())
        close(listener)
        #expect(service.isListening() == false)
    }

    @Test func theProgramOfAUnitIsFoundInIt() throws {
        let folder = try TemporaryFolder()
        let unit = try folder.write(
            "pcscd.service",
            "[Unit]\nDescription=PC/SC\n[Service]\nExecStart=-/opt/pcsc/sbin/pcscd --foreground $ARGS\n")
        #expect(PCSCService.program(of: unit) == "/opt/pcsc/sbin/pcscd")
        #expect(PCSCService.program(of: folder.file("none")) == nil)
        #expect(PCSCService.program(of: try folder.write("empty", "[Service]\nExecStart=\n")) == nil)
    }
}
