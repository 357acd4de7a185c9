// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import JobFrames
import Testing
import TokenBench

@testable import PINEntry
@testable import TokenJob

/// The longest declaration in a text pinentry on the smallest usual terminal.
@Suite(.timeLimit(.minutes(1)))
struct RealPromptTests {
    @Test(arguments: ["pinentry-curses", "pinentry-tty"])
    func theLongestDeclarationIsShownWhole(_ program: String) throws {
        let sentence = "Kamu SM sistemleri üzerinden güvenilir bir şekilde elektronik onayımın alınması kaydıyla "
        var statement = ""
        while statement.utf8.count + sentence.utf8.count < 500 { statement += sentence }
        statement += "SON."
        let declaration = try Declaration(decision: .accept, version: "2026-01", statement: statement)
        let signed = try SignedRequest(
            Requests.consent(declaration), identity: NationalIdentity(certified: "10000000146"), after: nil)
        let text = SigningPrompt(locale: "tr", timeZone: "Europe/Istanbul").text(
            for: Requests.consent(declaration), signed, holder: "AYŞE IŞIK ÇAĞLAYAN"
        ).warning(SigningPrompt(locale: "tr", timeZone: "Europe/Istanbul").warning(of: .finalTry))
        let terminal = try PseudoTerminal()
        let answer = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var digits = 0  // written before the signal, read after it
        Thread {
            defer { answer.signal() }
            let surroundings = PromptSurroundings(
                terminal: terminal.path, terminalType: "xterm", hasDisplay: false, display: nil, locale: "tr")
            do {
                let pinentry = try PinentryCatalog.start(configured: program, surroundings: surroundings)
                digits = try pinentry.ask(text, until: Waiter(milliseconds: 10_000)).count
            } catch {
                Issue.record(error)
            }
        }.start()
        let shown = try terminal.waitFor("PIN:")
        #expect(shown.contains("SON."))
        #expect(shown.contains("Bu son deneme"))
        terminal.type(program == "pinentry-tty" ? "648219\n" : "648219\r")
        answer.wait()
        #expect(digits == 6)
    }
}
