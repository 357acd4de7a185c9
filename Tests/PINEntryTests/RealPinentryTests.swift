// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing
import TokenBench

@testable import PINEntry

/// Debian's own programs on a terminal of the test's.
@Suite(.timeLimit(.minutes(1)))
struct RealPinentryTests {
    private let text = PromptText(
        title: "E-Onay",
        lines: [
            "Holder: AYŞE IŞIK ÇAĞLAYAN", "Decision: KABUL EDİYORUM", "",
            "Kamu SM sistemleri üzerinden elektronik onayımın alınması kaydıyla KABUL EDİYORUM.",
        ],
        prompt: "PIN", accept: "Sign", cancel: "Cancel")

    private func ask(_ program: String, _ terminal: PseudoTerminal, milliseconds: Int64 = 20_000) throws -> Answer {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/" + program) else {
            throw Tool.Failure("\(program) is missing: install the Debian package \(program)")
        }
        let answer = Answer()
        let text = text
        Thread {
            do throws(PromptError) {
                let pinentry = try PinentryCatalog.start(
                    configured: program,
                    surroundings: PromptSurroundings(
                        terminal: terminal.path, terminalType: "xterm", hasDisplay: false, display: nil,
                        locale: "C.UTF-8"))
                let pin = try pinentry.ask(text, until: Waiter(milliseconds: milliseconds))
                answer.give(.success(pin.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }))
            } catch {
                answer.give(.failure(error))
            }
        }.start()
        return answer
    }

    @Test(arguments: ["pinentry-tty", "pinentry-curses"])
    func thePINTypedIsThePINGivenAndTheTextIsShown(_ program: String) throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let answer = try ask(program, terminal)
        let shown = try terminal.waitFor("PIN:")
        #expect(shown.contains("AYŞE IŞIK ÇAĞLAYAN"))
        #expect(shown.contains("elektronik"))
        terminal.type(program == "pinentry-tty" ? "648219\n" : "648219\r")
        #expect(try answer.wait().get() == Array("648219".utf8))
        #expect(terminal.localFlags == modes)
    }

    @Test func theCancelButtonOfCursesCancels() throws {
        let terminal = try PseudoTerminal()
        let answer = try ask("pinentry-curses", terminal)
        _ = try terminal.waitFor("PIN:")
        terminal.type("\t\t\r")
        #expect(throws: PromptError.cancelled) { try answer.wait().get() }
    }

    @Test(arguments: ["pinentry-tty", "pinentry-curses"])
    func atTheDeadlineItEndsAndTheTerminalIsAsBefore(_ program: String) throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let answer = try ask(program, terminal, milliseconds: 1200)
        #expect(throws: PromptError.timedOut) { try answer.wait().get() }
        #expect(terminal.localFlags == modes)
    }
}
