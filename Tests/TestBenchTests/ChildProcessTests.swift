// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing

@Suite struct ChildProcessTests {
    @Test func itsLinesComeInOrderAndItsStatusIsKnown() async throws {
        let finished = try await run("/bin/sh", ["-c", "echo one; echo two; printf three; exit 4"])
        #expect(finished.lines.map(\.text) == ["one", "two", "three"])
        #expect(finished.status == .exited(4))
    }

    @Test func itReadsWhatIsWrittenToIt() async throws {
        let finished = try await run("/bin/cat", input: Array("merhaba".utf8))
        #expect(finished.text == "merhaba")
    }

    @Test func killingItKillsItsChildren() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let child = try await ChildProcess.start(
            "/bin/sh", ["-c", "sleep 1000 & echo started; wait"], descriptors: [5: ends[1]])
        close(ends[1])
        try await child.lines.next { $0.text == "started" }
        await child.kill()
        #expect(await child.end() == .killed(signal: SIGKILL))
        // Comes to its end when nobody holds the other end of the pipe any more.
        var byte: UInt8 = 0
        #expect(read(ends[0], &byte, 1) == 0)
        close(ends[0])
    }

    @Test func descriptorsArePassedAndNoOthers() async throws {
        let folder = try TemporaryFolder()
        let file = open(try folder.write("text", "passed"), O_RDONLY)
        defer { close(file) }
        let finished = try await run("/bin/sh", ["-c", "cat <&5; ls /proc/self/fd"], descriptors: [5: file])
        #expect(finished.text.hasPrefix("passed"))
        // 3 is the listing's own.
        #expect(finished.lines.map(\.text).suffix(5) == ["passed0", "1", "2", "3", "5"])
    }

    @Test func whatIsAwaitedAndDoesNotComeIsAnErrorWithTheLastLines() async throws {
        let child = try await ChildProcess.start("/bin/sh", ["-c", "echo only this"])
        await #expect { try await child.lines.next { $0.text == "that" } } throws: { error in
            "\(error)".contains("only this")
        }
    }

    @Test func aMissingProgramIsNamedWithItsPackage() {
        #expect(throws: MissingProgram("no-such-thing", package: "some-package")) {
            try Programs.find("no-such-thing", package: "some-package")
        }
    }
}
