// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing
import TokenBench
import VirtualCard

/// The PIN on the caller's terminal, and the terminal as it was afterwards.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TerminalTests {
    private let echo = UInt32(ECHO)

    /// Without a display, on a terminal: there the PIN is asked for by itself.
    @Test func thePINIsAskedOnTheTerminalAndNotShown() async throws {
        let bench = try await ApproveBench()
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let eonay = try await bench.start(["approve", "--accept"], on: terminal)
        let shown = try terminal.waitFor("PIN: ")
        #expect(shown.contains("KABUL EDİYORUM") && shown.contains("Şükrü İğdırlı") && shown.contains("eonay ("))
        #expect(!shown.contains("\u{1B}[K"))
        #expect(terminal.localFlags & echo == 0)
        terminal.type(bench.card.pin + "\n")
        let rest = try terminal.waitFor("Recorded: you have given E-Onay.", within: 30_000)
        #expect(!rest.contains(bench.card.pin))
        #expect(await eonay.end() == .exited(0))
        #expect(terminal.localFlags == modes)
        await bench.stop()
    }

    @Test func controlCEndsThePromptAndTheEchoIsBack() async throws {
        let bench = try await ApproveBench()
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let eonay = try await bench.start(["approve", "--accept", "--terminal"], on: terminal)
        _ = try terminal.waitFor("PIN: ")
        terminal.type("123\u{3}")
        _ = try terminal.waitFor("It was cancelled.")
        #expect(await eonay.end() == .exited(45))
        #expect(terminal.localFlags == modes)
        await bench.stop()
    }

    /// The shell would read the PIN's rest as a command.
    @Test func controlZDoesNotSuspendWhileThePINIsAskedFor() async throws {
        let bench = try await ApproveBench()
        let terminal = try PseudoTerminal()
        let eonay = try await bench.start(["approve", "--accept"], on: terminal)
        _ = try terminal.waitFor("PIN: ")
        terminal.type("\u{1A}" + bench.card.pin + "\n")
        _ = try terminal.waitFor("Recorded", within: 30_000)
        #expect(await eonay.end() == .exited(0))
        await bench.stop()
    }

    @Test func aServiceThatIsKilledLeavesTheTerminalAsItWas() async throws {
        let bench = try await ApproveBench()
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let eonay = try await bench.start(["approve", "--accept"], on: terminal)
        _ = try terminal.waitFor("PIN: ")
        #expect(terminal.localFlags != modes)
        await bench.service.kill()
        _ = try terminal.waitFor("The service eonayd has ended.")
        #expect(await eonay.end() == .exited(3))
        #expect(terminal.localFlags == modes)
        await bench.stop()
    }

    @Test func theStateIsShownInPlaceWhereThePINIsAskedElsewhere() async throws {
        let bench = try await ApproveBench()
        try await bench.card.remove()
        let terminal = try PseudoTerminal()
        let eonay = try await bench.desktop.start(
            "sh",
            [
                "-c", #"exec setsid --ctty --wait "$0" approve --accept --wait 600 <&9 >&9 2>&9 9<&-"#,
                Programs.built("eonay"),
            ],
            package: "dash", environment: ["DISPLAY": ":99"], descriptors: [9: terminal.slave])
        let shown = try terminal.waitFor("Put the card in…")
        #expect(shown.contains("\u{1B}[K"))
        terminal.type("\u{3}")
        // Both may come at once: the line is wiped, then the end is told.
        let rest = try terminal.waitFor("It was cancelled.")
        #expect(rest.contains("\r\u{1B}[K"))
        #expect(await eonay.end() == .exited(45))
        await bench.stop()
    }

    @Test func theIdentityIsAskedForAndNotShown() async throws {
        let bench = try await ApproveBench()
        let terminal = try PseudoTerminal()
        let modes = terminal.localFlags
        let eonay = try await bench.start(["approve", "--accept", "--identity"], on: terminal)
        _ = try terminal.waitFor("T.C. Kimlik No (not shown): ")
        #expect(terminal.localFlags & echo == 0)
        terminal.type("10000000147\n")
        let rest = try terminal.waitFor("This is not a T.C. Kimlik No.")
        #expect(!rest.contains("10000000147"))
        #expect(await eonay.end() == .exited(27))
        #expect(terminal.localFlags == modes)
        await bench.stop()
    }
}
