// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing
import TokenBench

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct PinentryTests {
    private let text = PromptText(
        title: "E-Onay", lines: ["Holder: AYŞE IŞIK", "100 %"], prompt: "PIN", accept: "Sign", cancel: "Cancel",
        warning: "last try")

    /// A pinentry in shell: answers GETPIN as told, everything else with OK, and writes down what it was told.
    private func fake(
        _ scratch: Scratch, getPIN: String = "echo 'D 1234'; echo OK", flavour: String = "gtk2", more: String = ""
    ) throws -> String {
        try scratch.write(
            "pinentry",
            """
            #!/bin/sh
            echo "OK ready"
            while read -r line; do
                printf '%s\\n' "$line" >> "\(scratch.path)/log"
                case "$line" in
                \(more)
                "GETINFO flavor") echo "D \(flavour)"; echo OK;;
                GETPIN) \(getPIN);;
                BYE) echo OK; exit 0;;
                *) echo OK;;
                esac
            done
            """, mode: 0o700)
    }

    private func start(
        _ program: String, terminal: String? = nil, hasDisplay: Bool = true, patience: Int64 = 5000
    ) throws -> Pinentry {
        try PinentryCatalog.start(
            configured: program,
            surroundings: PromptSurroundings(
                terminal: terminal, terminalType: "xterm", hasDisplay: hasDisplay, display: ":7", locale: "tr_TR.UTF-8"),
            patience: patience)
    }

    private func pin(_ pinentry: Pinentry, milliseconds: Int64 = 10_000) throws -> String {
        let pin = try pinentry.ask(text, until: Waiter(milliseconds: milliseconds))
        return pin.withBytes { bytes in String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self) }
    }

    private func log(_ scratch: Scratch) throws -> [String] {
        try String(contentsOfFile: scratch.path + "/log", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func itIsToldWhereItIsAndWhatToShow() throws {
        let scratch = try Scratch()
        #expect(try pin(start(fake(scratch))) == "1234")
        let log = try log(scratch)
        for line in [
            "OPTION display=:7", "OPTION lc-messages=tr_TR.UTF-8", "SETTITLE E-Onay",
            "SETDESC Holder: AYŞE IŞIK%0A100 %25", "SETPROMPT PIN:", "SETERROR last try", "SETOK Sign",
            "SETCANCEL Cancel", "SETTIMEOUT 9",
        ] {
            #expect(log.contains(line), "\(line)")
        }
    }

    /// The text to be signed must not lie beyond the edge of the screen.
    @Test func aPinentryThatBreaksNoLinesIsGivenShortOnes() throws {
        let scratch = try Scratch()
        let long = (1...40).map { "word\($0)" }.joined(separator: " ")
        let text = PromptText(title: "E-Onay", lines: ["A", "", long], prompt: "PIN", accept: "Sign", cancel: "Cancel")
        _ = try start(fake(scratch, flavour: "qt5")).ask(text, until: Waiter(milliseconds: 10_000))
        let shown = try #require(try log(scratch).first { $0.hasPrefix("SETDESC ") }).dropFirst("SETDESC ".count)
        let rows = shown.components(separatedBy: "%0A")
        #expect(rows.allSatisfy { $0.count <= 70 })
        // Nothing of it is lost or changed.
        #expect(Array(rows.prefix(2)) == ["A", ""] && rows.dropFirst(2).joined(separator: " ") == long)
    }

    @Test func aPINOfOddCharactersArrivesUnescapedAlsoInPieces() throws {
        let answer = "echo '# a comment'; echo 'S STATUS'; echo 'D 12%2534'; echo 'D %0aĞ'; echo OK"
        #expect(try pin(start(fake(Scratch(), getPIN: answer))) == "12%34\nĞ")
    }

    @Test func aClosedPromptAndAnEmptyEntryAreCancellations() throws {
        for answer in [
            "echo 'ERR 83886179 Operation cancelled <Pinentry>'", "echo OK", "echo 'ERR 83886194 Not confirmed'",
        ] {
            #expect(throws: PromptError.cancelled) { try pin(start(fake(Scratch(), getPIN: answer))) }
        }
    }

    @Test func itsOwnTimeoutIsTheDeadline() throws {
        let pinentry = try start(fake(Scratch(), getPIN: "echo 'ERR 83886142 Timeout <Pinentry>'"))
        #expect(throws: PromptError.timedOut) { try pin(pinentry) }
    }

    @Test func onePINEntryThatHangsEndsAtTheDeadlineAndWithUs() throws {
        let scratch = try Scratch()
        var pinentry: Pinentry? = try start(fake(scratch, getPIN: "echo $$ > \(scratch.path)/pid; exec sleep 1000"))
        #expect(throws: PromptError.timedOut) { try pin(pinentry!, milliseconds: 300) }
        pinentry = nil
        let process = try #require(
            pid_t(String(contentsOfFile: scratch.path + "/pid", encoding: .utf8).filter(\.isNumber)))
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }

    @Test func aQuestionBackIsRefusedAndTheRestGoesOn() throws {
        let answer = "echo 'INQUIRE QUALITY 12'; read -r reply; echo \"D 7$reply\"; echo OK"
        #expect(try pin(start(fake(Scratch(), getPIN: answer))) == "7CAN")
    }

    @Test func aProgramThatDiesOrBabblesIsUnavailable() throws {
        let scratch = try Scratch()
        for answer in ["exit 1", "head -c 5000 /dev/zero | tr '\\0' a", "echo 'ERR 83918950 Inappropriate ioctl'"] {
            let pinentry = try start(fake(scratch, getPIN: answer))
            let error = #expect(throws: PromptError.self) { try pin(pinentry) }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        for program in ["/nonexistent/pinentry", "/bin/true", "pinentry-of-nobody"] {
            #expect(throws: PromptError.self) { try start(program) }
        }
    }

    @Test func aSilentProgramIsGivenUp() throws {
        let silent = try Scratch().write("pinentry", "#!/bin/sh\nexec sleep 1000\n", mode: 0o700)
        #expect(throws: PromptError.unavailable("pinentry is silent")) { try start(silent, patience: 100) }
    }

    @Test func aTextOneNeedsATerminalAndAGraphicalOneADisplay() throws {
        let scratch = try Scratch()
        for (flavour, terminal, hasDisplay, works) in [
            ("curses", nil, true, false), ("tty", nil, true, false), ("gtk2:curses", nil, false, false),
            ("curses", "/dev/pts/9", false, true), ("gnome3:curses", "/dev/pts/9", false, true),
            ("gnome3", nil, true, true),
            ("qt", nil, false, false),
        ] as [(String, String?, Bool, Bool)] {
            let program = try fake(scratch, flavour: flavour)
            if works {
                #expect(try start(program, terminal: terminal, hasDisplay: hasDisplay).flavour == flavour)
            } else {
                #expect(throws: PromptError.self) { try start(program, terminal: terminal, hasDisplay: hasDisplay) }
            }
        }
    }

    @Test func anUnknownOptionIsNoReasonToGiveUp() throws {
        let more = "OPTION*|SETTIMEOUT*) echo 'ERR 83886254 Unknown option';;"
        #expect(try pin(start(fake(Scratch(), more: more))) == "1234")
    }

    @Test func aTextThatIsTooLongIsNotShownInPart() throws {
        let scratch = try Scratch()
        let pinentry = try start(fake(scratch))
        let long = PromptText(
            title: "t", lines: [String(repeating: "ğ", count: 500)], prompt: "PIN", accept: "a", cancel: "c")
        #expect(throws: PromptError.self) { _ = try pinentry.ask(long, until: Waiter(milliseconds: 5000)).count }
        #expect(!(try log(scratch)).contains("GETPIN"))
    }

    @Test func anAgreementIsAskedForWithConfirm() throws {
        let waiter = try Waiter(milliseconds: 5000)
        try start(fake(Scratch())).confirm(text, until: waiter)
        let refusing = try start(fake(Scratch(), more: "CONFIRM) echo 'ERR 83886194 Not confirmed';;"))
        #expect(throws: PromptError.cancelled) { try refusing.confirm(text, until: waiter) }
    }

    @Test func aCallerThatGoesTakesThePromptWithIt() throws {
        var caller: [Int32] = [0, 0]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &caller)
        defer { close(caller[0]) }
        let pinentry = try start(fake(Scratch(), getPIN: "exec sleep 1000"))
        close(caller[1])
        #expect(throws: PromptError.abandoned) {
            _ = try pinentry.ask(text, until: Waiter(milliseconds: 10_000, abandonment: caller[0])).count
        }
    }
}
