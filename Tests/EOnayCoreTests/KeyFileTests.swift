// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct KeyFileTests {
    private func read(_ text: String) -> KeyFile { KeyFile(Array(text.utf8)) }

    @Test func groupsAndKeysAreReadWithTheirLines() {
        let file = read("# a comment\n\n[General]\n Locale = tr_TR \r\nTimeZone=\n[Portal \"x\"]\nOrigin=https://a=b\n")
        #expect(
            file.entries.map { [$0.group, $0.key, $0.value, "\($0.line)"] } == [
                ["General", "Locale", "tr_TR", "4"], ["General", "TimeZone", "", "5"],
                ["Portal \"x\"", "Origin", "https://a=b", "7"],
            ])
        #expect(file.groups.map(\.line) == [3, 6])
        #expect(file.faults.isEmpty)
    }

    @Test func aLineThatSaysNothingIsToldAndPassedOver() {
        let file = KeyFile(Array("Key=1\n[A]\nnonsense\n=x\n[B\n\u{FEFF}".utf8) + [0xFF, 0x0A] + Array("Key=2".utf8))
        #expect(file.faults.map(\.line) == [1, 3, 4, 5, 6])
        #expect(file.faults.map(\.kind) == [.noGroup, .noKey, .noKey, .noKey, .notUTF8])
        #expect(file.entries.map(\.value) == ["2"])
    }

    @Test func aByteOrderMarkIsNoPartOfTheFirstLine() {
        #expect(read("\u{FEFF}[A]\nKey=1").entries.count == 1)
    }

    @Test func aFileThatIsTooLongIsReadUpToItsLastWholeLine() {
        let line = "Key=0123456789\n"
        let file = read("[A]\n" + String(repeating: line, count: 10_000))
        #expect(file.entries.count == (KeyFile.longest - 4) / line.utf8.count)
        #expect(file.faults.map(\.line) == [file.entries.count + 2])
        #expect(file.faults.map(\.kind) == [.tooLong])
    }

    @Test func anEmptyFileSaysNothing() {
        #expect(read("") == KeyFile([]))
        #expect(read("").entries.isEmpty && read("\n\n").faults.isEmpty)
    }
}
