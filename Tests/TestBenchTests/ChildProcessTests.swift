// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
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

    /// As under nohup(1), which ignores SIGHUP; here another signal, so that nothing else in this process is touched.
    @Test func whatThisProcessIgnoresOrBlocksItsChildrenDoNot() async throws {
        let former = signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, former) }
        for text in [try await run("/bin/cat", ["/proc/self/status"]).text, try Self.statusByFoundation()] {
            let masks = text.split(separator: "\n").filter { $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigBlk:") }
            #expect(masks.count == 2)
            // 32 and 33 are glibc's own, and posix_spawn(3) ignores them in every child.
            for mask in masks {
                let signals = try #require(UInt64(mask.suffix(16), radix: 16))
                #expect(signals & ~0x1_8000_0000 == 0, "\(mask)")
            }
        }
    }

    private static func statusByFoundation() throws -> String {
        let process = try Process.beginning("/bin/cat", ["/proc/self/status"], package: "coreutils")
        let output = Pipe()
        process.standardOutput = output
        var (mine, former) = (sigset_t(), sigset_t())
        sigemptyset(&mine)
        sigaddset(&mine, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &mine, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
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
