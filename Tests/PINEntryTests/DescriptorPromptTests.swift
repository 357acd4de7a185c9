// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct DescriptorPromptTests {
    private let text = PromptText(title: "t", lines: [], prompt: "PIN", accept: "Sign", cancel: "Cancel")

    /// A pipe that holds these octets and has ended.
    private func pipe(with octets: String) -> Int32 {
        var ends: [Int32] = [0, 0]
        Glibc.pipe(&ends)
        _ = octets.utf8CString.withUnsafeBufferPointer { write(ends[1], $0.baseAddress, $0.count - 1) }
        close(ends[1])
        return ends[0]
    }

    private func octets(_ pin: borrowing PIN) -> String {
        pin.withBytes { bytes in String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self) }
    }

    @Test func eachEntryTakesOneLine() throws {
        let descriptor = pipe(with: "1234\n56 78\nlast")
        defer { close(descriptor) }
        let prompt = DescriptorPrompt(descriptor: descriptor)
        let waiter = try Waiter(milliseconds: 10_000)
        #expect(octets(try prompt.ask(text, until: waiter)) == "1234")
        #expect(octets(try prompt.ask(text, until: waiter)) == "56 78")
        #expect(octets(try prompt.ask(text, until: waiter)) == "last")
        #expect(throws: PromptError.unavailable("no line")) { _ = try prompt.ask(text, until: waiter).count }
    }

    @Test(arguments: ["1234\n", "1234\r\n", "1234\r", "1234"])
    func theLinesEndIsNoPartOfThePIN(line: String) throws {
        let descriptor = pipe(with: line)
        defer { close(descriptor) }
        #expect(
            octets(try DescriptorPrompt(descriptor: descriptor).ask(text, until: Waiter(milliseconds: 10_000)))
                == "1234")
    }

    @Test func eachOfSeveralLinesMayEndAsOnOtherSystems() throws {
        let descriptor = pipe(with: "1234\r\n5678\r\n\r\n")
        defer { close(descriptor) }
        let prompt = DescriptorPrompt(descriptor: descriptor)
        let waiter = try Waiter(milliseconds: 10_000)
        #expect(octets(try prompt.ask(text, until: waiter)) == "1234")
        #expect(octets(try prompt.ask(text, until: waiter)) == "5678")
        #expect(try prompt.ask(text, until: waiter).count == 0)
    }

    @Test func aLineWithoutEndIsNoPIN() throws {
        let file = tmpfile()!
        defer { fclose(file) }
        for _ in 0..<5000 { fputc(0x31, file) }
        rewind(file)
        #expect(throws: PromptError.unavailable("line too long")) {
            _ = try DescriptorPrompt(descriptor: fileno(file)).ask(text, until: Waiter(milliseconds: 10_000)).count
        }
    }

    @Test func aWriterThatNeverWritesIsWaitedForUntilTheDeadline() throws {
        var ends: [Int32] = [0, 0]
        Glibc.pipe(&ends)
        defer {
            close(ends[0])
            close(ends[1])
        }
        #expect(throws: PromptError.timedOut) {
            _ = try DescriptorPrompt(descriptor: ends[0]).ask(text, until: Waiter(milliseconds: 20)).count
        }
    }

    @Test func nobodyAgreesThroughADescriptor() throws {
        #expect(throws: PromptError.self) {
            try DescriptorPrompt(descriptor: 0).confirm(text, until: Waiter(milliseconds: 10))
        }
    }
}
