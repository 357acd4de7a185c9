// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing
import Texts
import TokenBench

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct TerminalPromptTests {
    private let text = PromptText(
        title: "E-Onay", lines: ["Asked by: eonay (1)", "KABUL EDİYORUM"], prompt: "PIN", accept: "Sign",
        cancel: "Cancel", warning: "last try")

    /// Asks on a thread of its own, since the test is the person.
    private func ask(_ terminal: PseudoTerminal, milliseconds: Int64 = 20_000) -> Answer {
        let answer = Answer()
        let text = text
        Thread {
            do throws(PromptError) {
                let pin = try TerminalPrompt(terminal: terminal.slave)
                    .ask(text, until: Waiter(milliseconds: milliseconds))
                answer.give(.success(pin.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }))
            } catch {
                answer.give(.failure(error))
            }
        }.start()
        return answer
    }

    @Test func theWholeTextIsShownThePINIsNotAndTheModesAreBack() throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let answer = ask(terminal)
        let shown = try terminal.waitFor("PIN: ")
        for line in text.lines + ["E-Onay", "last try"] { #expect(shown.contains(line)) }
        #expect(terminal.localFlags & UInt32(ECHO) == 0)
        terminal.type("6482\u{7F}219\n")
        #expect(try answer.wait().get() == Array("648219".utf8))
        #expect(terminal.localFlags == modes)
        #expect(!(try terminal.waitFor("\n")).contains("6"))
    }

    /// By columns and between words: a letter with its marks is one, an ideograph two; a word that no line holds stays whole.
    @Test(arguments: [UInt16(24), 40, 80])
    func theTextWrapsAtWords(columns: UInt16) throws {
        let statement =
            "Güvenli elektronik imza ile s\u{327}ifahi\u{302} olarak da 漢字漢字 漢字 kabul ettig\u{306}imi, "
            + "başvurularımın elektronik ortamda yapılacağını beyan ederim."
        let prompt = PromptText(
            title: "E-Onay", lines: [statement, "Portal: https://portal.example"], prompt: "PIN", accept: "a",
            cancel: "c",
            warning: "Bu son deneme; bir yanlış PIN daha kartı kilitler.")
        let terminal = try PseudoTerminal(columns: columns)
        let answer = Answer()
        Thread {
            do throws(PromptError) {
                _ = try TerminalPrompt(terminal: terminal.slave).ask(prompt, until: Waiter(milliseconds: 20_000))
                answer.give(.success([]))
            } catch { answer.give(.failure(error)) }
        }.start()
        let shown = try terminal.waitFor("PIN: ").replacing("\r\n", with: "\n")
        terminal.type("\n")
        #expect(throws: PromptError.cancelled) { try answer.wait().get() }
        let lines = shown.split(separator: "\n")
        for line in lines where line.contains(" ") { #expect(DisplayWidth.of(line) <= Int(columns), "\(line)") }
        let words = Set(lines.flatMap { $0.split(separator: " ") })
        for word in statement.split(separator: " ") { #expect(words.contains(word), "\(word)") }
    }

    @Test(arguments: ["\n", "\u{4}"])
    func nothingEnteredIsACancellation(_ keys: String) throws {
        let terminal = try PseudoTerminal()
        let answer = ask(terminal)
        _ = try terminal.waitFor("PIN: ")
        terminal.type(keys)
        #expect(throws: PromptError.cancelled) { try answer.wait().get() }
        #expect(terminal.localFlags & UInt32(ECHO) != 0)
    }

    @Test func atTheDeadlineThePromptEndsAndTheModesAreBack() throws {
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let answer = ask(terminal, milliseconds: 50)
        #expect(throws: PromptError.timedOut) { try answer.wait().get() }
        #expect(terminal.localFlags == modes)
    }

    /// A slave gives its reader the octets that were written to its master; the master gives back its own.
    @Test func theMasterOfATerminalIsRefusedBeforeAnythingIsShown() throws {
        let terminal = try PseudoTerminal()
        #expect(throws: PromptError.unavailable("the master of a terminal")) {
            try TerminalPrompt(terminal: terminal.master)
        }
        var wait = pollfd(fd: terminal.slave, events: Int16(POLLIN), revents: 0)
        #expect(poll(&wait, 1, 0) == 0)
    }

    @Test(arguments: [O_RDONLY, O_WRONLY]) func aTerminalThatIsOpenOneWayIsRefused(mode: Int32) throws {
        let terminal = try PseudoTerminal()
        let oneWay = open(terminal.path, mode | O_NOCTTY | O_CLOEXEC)
        defer { close(oneWay) }
        #expect(throws: PromptError.self) { try TerminalPrompt(terminal: oneWay) }
    }

    @Test func aTerminalThatWasHungUpIsRefused() throws {
        var terminal: PseudoTerminal? = try PseudoTerminal()
        let slave = try #require(terminal.map { open($0.path, O_RDWR | O_NOCTTY | O_CLOEXEC) })
        defer { close(slave) }
        terminal = nil
        #expect(throws: PromptError.unavailable("no terminal")) { try TerminalPrompt(terminal: slave) }
    }

    @Test func aPipeIsNoTerminal() {
        #expect(throws: PromptError.self) { try TerminalPrompt(terminal: open("/dev/null", O_RDWR)) }
    }
}

/// One answer of another thread.
final class Answer: @unchecked Sendable {  // the semaphore orders the only write before the only read
    private let given = DispatchSemaphore(value: 0)
    private var result: Result<[UInt8], PromptError> = .failure(.abandoned)

    func give(_ result: Result<[UInt8], PromptError>) {
        self.result = result
        given.signal()
    }

    func wait() -> Result<[UInt8], PromptError> {
        given.wait()
        return result
    }
}
