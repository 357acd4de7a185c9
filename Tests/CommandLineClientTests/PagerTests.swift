// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing
import TokenBench

/// A program as a shell on a terminal starts it: in the foreground, and with the terminal as its own.
enum TerminalProgram {
    /// - Parameter line: for sh; `eonay` in it is ours.
    static func start(
        _ line: String, on terminal: PseudoTerminal, _ environment: [String: String]
    ) async throws -> ChildProcess {
        let folder = URL(filePath: try Programs.built("eonay")).deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let plain = ["LC_ALL": "C.UTF-8", "LANGUAGE": "", "TERM": "xterm", "LINES": "", "PATH": "\(folder):\(path)"]
        return try await ChildProcess.start(
            Programs.find("sh", package: "dash"),
            ["-c", #"exec setsid --ctty --wait sh -c "$0" <&9 >&9 2>&9 9<&-"#, line],
            environment: plain.merging(environment) { $1 }, descriptors: [9: terminal.slave])
    }
}

/// Lists that are longer than the terminal.
@Suite(.timeLimit(.minutes(1)))
struct PagerTests {
    private let folder: TemporaryFolder
    private let log: String
    /// Takes note of being called, and shows everything.
    private let noting: String

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.makeFolder("config")
        log = folder.file("log")
        noting = "echo \"called with $LESS\" >>\(log); cat"
    }

    /// Runs a line to its end on a terminal of 24 lines, and gives what is shown.
    private func shown(
        _ line: String, _ environment: [String: String] = [:], until last: String = "Whether to show notifications."
    ) async throws -> String {
        let terminal = try PseudoTerminal(columns: 100)
        let all = ["XDG_CONFIG_HOME": folder.file("config"), "EONAY_PAGER": noting].merging(environment) { $1 }
        let program = try await TerminalProgram.start(line + "; echo status $? ended", on: terminal, all)
        let shown = try terminal.waitFor(" ended")
        #expect(await program.end() == .exited(0))
        #expect(shown.contains(last))
        return shown
    }

    private var calls: [String] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    @Test func aLongListIsShownByThePagerWithTheOptionsThatGitGivesIt() async throws {
        _ = try await shown("unset LESS; eonay config")
        _ = try await shown("LESS=-i eonay config")
        _ = try await shown("unset LESS EONAY_PAGER; eonay config", ["PAGER": noting])
        _ = try await shown("unset LESS; LINES=10 eonay help approve", until: "Show help information.")
        #expect(calls == ["called with FRX", "called with -i", "called with FRX", "called with FRX"])
    }

    @Test(arguments: [
        "eonay config --no-pager", "eonay --no-pager config", "eonay config --json", "LINES=200 eonay config",
        "EONAY_PAGER= PAGER=false eonay config", "EONAY_PAGER=cat eonay config", "TERM=dumb eonay config",
        "eonay config | cat", "eonay config Notifications.Enabled",
    ])
    func noPagerIsStartedForWhatNeedsNone(_ line: String) async throws {
        let shown = try await shown(line)
        #expect(shown.contains("status 0"))
        #expect(calls == [])
    }

    @Test(arguments: ["/nonexistent/pager", "nonexistent-pager --option", "/dev/null"])
    func aPagerThatCannotBeStartedIsNoError(_ pager: String) async throws {
        #expect(try await shown("eonay config", ["EONAY_PAGER": pager]).contains("status 0"))
    }

    /// More than a pipe holds, so that the pager's end is felt.
    @Test func aPagerThatIsLeftEarlyIsNoError() async throws {
        _ = try folder.makeFolder("config/eonay")
        _ = try folder.write("config/eonay/eonay.conf", String(repeating: "nonsense\n", count: 3000))
        let shown = try await shown("eonay config", ["EONAY_PAGER": "head -n 1"], until: "neither a group")
        #expect(shown.contains("status 0") && !shown.contains("Broken pipe"))
    }

    @Test func lessIsLeftByItsKeyAndTheTerminalIsAsItWas() async throws {
        _ = try Programs.find("less", package: "less")
        let terminal = try PseudoTerminal(columns: 100)
        let modes = terminal.localFlags
        let program = try await TerminalProgram.start(
            "trap : INT; unset LESS PAGER EONAY_PAGER; eonay config; echo status $? ended", on: terminal,
            ["XDG_CONFIG_HOME": folder.file("config")])
        // It waits with a part of the list, and Ctrl-C is for it.
        let first = try terminal.waitFor("Ladder")
        #expect(!first.contains("status"))
        terminal.type("\u{3}")
        // The terminal throws away what is typed right after Ctrl-C, so the key is pressed until less has it.
        var last = ""
        for _ in 0..<40 where !last.contains(" ended") {
            terminal.type("q")
            last = (try? terminal.waitFor(" ended", within: 250)) ?? ""
        }
        #expect(last.contains("status 0"))
        #expect(await program.end() == .exited(0))
        #expect(terminal.localFlags == modes)
    }

    @Test func aListThatFailsShowsWhatItHasAndThenTheFailure() async throws {
        let shown = try await shown(
            "eonay status", ["DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"],
            until: "There is no session bus here.")
        #expect(shown.contains("status 3") && calls == [])
    }
}
