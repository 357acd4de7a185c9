// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import TestBench
import Testing
import Texts

@testable import CommandLineClient

/// Command lines that are not understood: what is said of them, in both languages.
@Suite(.timeLimit(.minutes(1)))
struct UsageTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let words: [String]
        let problem: UsageProblem
        var testDescription: String { words.joined(separator: " ") }

        init(_ line: String, _ problem: UsageProblem) {
            words = line.split(separator: " ").map(String.init)
            self.problem = problem
        }
    }

    /// Every kind of complaint that the parser can have of our commands. A version of it that words them anew changes nothing here; one
    /// that has other cases makes these fail.
    static let mistakes = [
        Mistake("statsu", .unknownCommand("statsu", suggestion: "status")),
        Mistake("Status", .unknownCommand("Status", suggestion: "status")),
        Mistake("aprove --accept", .unknownCommand("aprove", suggestion: "approve")),
        Mistake("cert", .unknownCommand("cert", suggestion: "certificates")),
        Mistake("xyzzy --json", .unknownCommand("xyzzy", suggestion: nil)),
        Mistake("help statsu", .unknownCommand("statsu", suggestion: "status")),
        Mistake("statsu --help", .unknownCommand("statsu", suggestion: "status")),
        Mistake("help status now", .extraWords(["now"])),
        Mistake("--no-pager statsu", .unknownCommand("statsu", suggestion: "status")),
        Mistake("HİSTORY", .unknownCommand("HİSTORY", suggestion: "history")),
        Mistake("sıgn", .unknownCommand("sıgn", suggestion: "sign")),
        Mistake("--jsno", .unknownOption("--jsno", suggestion: nil)),
        Mistake("approve --acept", .unknownOption("--acept", suggestion: "--accept")),
        Mistake("approve --acept --wait 3", .unknownOption("--acept", suggestion: "--accept")),
        Mistake("approve --accept --jsno", .unknownOption("--jsno", suggestion: "--json")),
        Mistake("approve --accept --cert x", .unknownOption("--cert", suggestion: "--certificate")),
        Mistake("approve --accept -x", .unknownOption("-x", suggestion: nil)),
        Mistake("snooze --utnil 2026-12-31", .unknownOption("--utnil", suggestion: "--until")),
        Mistake("inspect --jsno", .unknownOption("--jsno", suggestion: "--json")),
        Mistake("sign --potral", .unknownOption("--potral", suggestion: "--portal")),
        Mistake("history --limit", .missingValue(option: "--limit")),
        Mistake("approve --accept -c", .missingValue(option: "-c")),
        Mistake("history --limit -5", .notANumber("-5", of: "--limit")),
        Mistake("history --limit x", .notANumber("x", of: "--limit")),
        Mistake("history --limit 4294967296", .notANumber("4294967296", of: "--limit")),
        Mistake("snooze --days 1.5", .notANumber("1.5", of: "--days")),
        Mistake("approve --accept --json=yes", .unexpectedValue(option: "--json", value: "yes")),
        Mistake("status now", .extraWords(["now"])),
        Mistake("watch a b", .extraWords(["a", "b"])),
        Mistake("inspect", .missingArgument(place: "<file>")),
        Mistake("sign", .missingArgument(place: "<code>")),
        Mistake("inspect --json", .missingArgument(place: "<file>")),
        Mistake("--generate-completion-script=tcsh", .unknownShell("tcsh", known: ["zsh", "bash", "fish"])),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamed(_ mistake: Mistake) {
        let failure = #expect(throws: Failure.self) { try CommandLine(words: mistake.words).command() }
        #expect(failure?.usage?.problem == mistake.problem)
        #expect(failure?.status == .usage)
    }

    /// No English and no machine's word under a Turkish locale, and each sentence names what was typed.
    @Test(arguments: mistakes)
    func aMistakeIsToldInTheLanguageOfThePerson(_ mistake: Mistake) {
        let usage = UsageFault(problem: mistake.problem, command: "eonay approve")
        let (english, turkish) = (usage.explained(Texts(.english)), usage.explained(Texts(.turkish)))
        #expect(english.what != turkish.what)
        #expect(english.remedy != turkish.remedy)
        let subject = HelpPage.place(mistake.problem.subject, Texts(.turkish))
        let word = subject.split(separator: " ").first.map(String.init) ?? ""
        #expect(turkish.what.contains(word.split(separator: "=").first ?? ""))
    }

    @Test(arguments: mistakes)
    func noEnglishIsLeftInTheProgramsAnswer(_ mistake: Mistake) async throws {
        let end = try await TestBench.run(
            Programs.built("eonay"), mistake.words, environment: ["LC_ALL": "tr_TR.UTF-8", "LANGUAGE": ""])
        #expect(end.status == .exited(2))
        #expect(EnglishWords.found(in: end.lines.map(\.text).joined(separator: "\n")) == [], "\(end)")
    }

    /// As `git --no-pager log`.
    @Test func theOptionsOfEveryCommandMayComeBeforeIt() {
        #expect(CommandLine(words: ["--json", "-q", "status", "x"]).words == ["status", "--json", "-q", "x"])
        #expect(CommandLine(words: ["--no-pager", "help", "status", "--json"]).words == ["help", "status"])
        #expect(CommandLine(words: ["--json"]).words == ["--json"])
    }

    @Test(arguments: [
        ("statsu", "eonay: There is no command statsu.", "eonay: statsu diye bir komut yok."),
        (
            "approve --acept", "eonay: eonay approve has no option --acept.",
            "eonay: eonay approve komutunun --acept diye bir seçeneği yok."
        ),
        ("approve", "eonay: Say --accept or --decline.", "eonay: --accept ya da --decline seçeneğini verin."),
        ("snooze --until tomorrow", "eonay: tomorrow is not a day.", "eonay: tomorrow bir gün değil."),
        ("snooze --until 2026-13-45", "eonay: 2026-13-45 is not a day.", "eonay: 2026-13-45 bir gün değil."),
        (
            "snooze --until 2020-01-01", "eonay: 2020-01-01 has passed, or is today.",
            "eonay: 2020-01-01 geçmiş ya da bugün."
        ),
        (
            "approve --accept -c zz", "eonay: zz is not the id of a certificate.",
            "eonay: zz bir sertifikanın kimliği değil."
        ),
    ])
    func theProgramSaysSo(_ line: String, english: String, turkish: String) async throws {
        let words = line.split(separator: " ").map(String.init)
        for (locale, expected) in [("C.UTF-8", english), ("tr_TR.UTF-8", turkish)] {
            let end = try await TestBench.run(
                Programs.built("eonay"), words, environment: ["LC_ALL": locale, "LANGUAGE": ""])
            #expect(end.lines.first?.text == expected, "\(end)")
            #expect(end.output.isEmpty)
            if line.contains("--until") {
                #expect(end.lines.dropFirst().contains { $0.text.contains(/20\d\d-\d\d-\d\d .*\d\d\.\d\d\.20\d\d/) })
            }
        }
    }

    @Test func anExampleOfADayCanBeTyped() throws {
        let day = CalendarDay(of: Zone.istanbul.time(at: 1_798_700_400))
        #expect(CalendarDay(day.iso) == day)
        #expect(CalendarDay(day.turkish) == day)
        #expect(day.iso == "2026-12-31")
    }

    @Test func whatIsFarFromEverythingSuggestsNothing() {
        #expect(Suggestion.nearest(to: "q", among: ["status", "sign"]) == nil)
        #expect(Suggestion.nearest(to: "", among: ["status"]) == nil)
        #expect(Suggestion.nearest(to: String(repeating: "s", count: 100_000), among: ["status"]) == nil)
        #expect(Suggestion.nearest(to: "sing", among: ["status", "sign"]) == "sign")
    }
}
