// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import Foundation
import SystemBasics
import TestBench
import Testing
import Texts

@testable import CommandLineClient

/// The parts of `eonay doctor` that need no bench: words, distributions, deadlines, the report's masks.
@Suite(.timeLimit(.minutes(1)))
struct DoctorTests {
    private static let debian = Distribution(osRelease: "ID=debian\n")

    // MARK: - What is shown

    /// A line of each kind: fine, a warning with a command, a fault with remedy and command, two lines of one topic, one not looked at.
    private static let diagnosis = Diagnosis(
        findings: [
            Finding(.cardServiceRuns, .fine, .text(Texts.marked("The smart-card service pcscd answers."))),
            Finding(
                .readerFound, .fine, .text(Texts.marked("Connected: %1"), [.personal("ACS ACR39U ICC Reader 00 00")])),
            Finding(.cardIn, .fine, CardCheck.kind(ofATR: [0x3B, 0x9F, 0x97, 0x81, 0x31, 0xFE, 0x45, 0x80])),
            Finding(
                .driverLacksLibrary, .fault,
                .text(
                    Texts.marked("The driver %1 needs %2, which is not installed."),
                    [.path("/usr/lib/libeToken.so"), .path("libssl.so.1.1")]),
                remedy: .text(Texts.marked("Install the package that has it; this names it:")),
                command: .packageOf(library: "libssl.so.1.1")),
            Finding(.cardUnknown, .fault, .what(.noModule), remedy: .remedy(.noModule)),
            .notLookedAt(.certificate, because: .driver),
            Finding(
                .clockUnsynchronised, .warning, .text(Texts.marked("Nothing keeps the computer's clock right (NTP).")),
                command: .synchroniseClock),
            .noAnswer(.portal),
        ], secrets: Mask(words: []))

    @Test(arguments: [(Language.english, "en"), (.turkish, "tr")])
    func theLinesAreThoseOfTheGoldenFile(_ language: Language, _ name: String) throws {
        let lines = Self.diagnosis.lines(Texts(language), Self.debian, width: 80, inColour: false)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Fixtures/doctor-\(name).txt")
        #expect(try lines.map { $0 + "\n" }.joined() == String(contentsOf: file.standardized, encoding: .utf8))
        // A command is whole on its line; everything else fits.
        for line in lines where !line.contains("$ ") { #expect(DisplayWidth.of(line) <= 80, "\(line)") }
    }

    @Test func anApprovalNeedsEachNeededLine() {
        let fine = Finding(.cardServiceRuns, .fine, .what(.internal))
        func isApprovable(_ more: Finding) -> Bool {
            Diagnosis(findings: [fine, more], secrets: Mask(words: [])).isApprovable
        }
        #expect(isApprovable(Finding(.noAutostart, .warning, .what(.internal))))
        #expect(isApprovable(.noAnswer(.responder)))
        #expect(isApprovable(.noAnswer(.notifications)))
        #expect(!isApprovable(.noAnswer(.portal)))
        #expect(!isApprovable(.notLookedAt(.certificate, because: .driver)))
        #expect(!isApprovable(Finding(.noReader, .fault, .what(.noReader))))
    }

    @Test func theManualHasEachCode() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/man/eonay-doctor.1")
        let text = try String(contentsOf: page.standardized, encoding: .utf8).replacing("\\-", with: "-")
        var found: [String] = []
        var topic = ""
        for line in text.split(separator: "\n") where line.contains("\t") {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            if !columns[0].isEmpty { topic = String(columns[0]) }
            found += columns[1].split(separator: ",").map { topic + "." + $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.hasSuffix(".") }
        }
        #expect(found == FindingCode.allCases.map(\.rawValue))
    }

    @Test func eachCodeHasATopic() {
        for code in FindingCode.allCases { #expect(Topic.allCases.contains(code.topic)) }
        #expect(Doctor.checks.map(\.topic) == Topic.allCases)
    }

    // MARK: - Distributions

    @Test(
        arguments: [
            ("ID=debian", "sudo apt install pcscd libccid"),
            ("ID=pardus\nID_LIKE=debian\nPRETTY_NAME=\"Pardus 23\"", "sudo apt install pcscd libccid"),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"", "sudo apt install pcscd libccid"),
            ("ID=fedora", "sudo dnf install pcsc-lite pcsc-lite-ccid"),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", "sudo dnf install pcsc-lite pcsc-lite-ccid"),
            ("ID=arch", "sudo pacman -S pcsclite ccid"),
            ("ID=endeavouros\nID_LIKE=arch", "sudo pacman -S pcsclite ccid"),
            ("ID=nixos", nil), ("", nil),
        ] as [(String, String?)])
    func aCommandIsTheDistributionsOwn(_ osRelease: String, _ command: String?) {
        #expect(Command.installCardService.on(Distribution(osRelease: osRelease).family) == command)
    }

    @Test(arguments: ["libssl.so.1.1", "libstdc++.so.6", "lib_a-b.so"])
    func aLibrarysPackageIsLookedFor(_ name: String) {
        #expect(Command.packageOf(library: name)?.on(.debian) == "apt-file search \(name)")
    }

    @Test(arguments: ["a; rm -rf ~", "$(x)", "`x`", "a b", "a|b", "/lib/x", "a\nb", "ş", "a&b", "*", "'"])
    func aCommandHoldsNoNameThatAShellWouldObey(_ name: String) {
        #expect(Command.packageOf(library: name) == nil)
    }

    @Test func aCommonCommandIsKnownEverywhere() {
        #expect(Command.startCardService.on(.other) == "sudo systemctl enable --now pcscd.socket")
        #expect(Distribution(osRelease: "ID=ubuntu").family == .ubuntu)
        #expect(Command.synchroniseClock.on(.ubuntu) == "sudo timedatectl set-ntp true")
    }

    // MARK: - Looking

    /// What a check finds, on a loop as the program's.
    private func findings(
        of check: any Check, _ surroundings: DoctorSurroundings = DoctorSurroundings(),
        knowing learn: @escaping @Sendable (Examination) async -> Void = { _ in }
    ) throws -> [Finding] {
        let found = Guarded<[Finding]>([])
        try Program.run { loop in
            let examination = Examination(on: loop, surroundings)
            await learn(examination)
            let findings = await check.look(examination)
            found.withLock { $0 = findings }
        }
        return found.withLock { $0 }
    }

    @Test(
        arguments: [(true, "clock.synchronised"), (false, "clock.unsynchronised"), (nil, "clock.unsynchronised")]
            as [(Bool?, String)])
    func theClockIsWhatTheKernelSays(_ answer: Bool?, _ code: String) throws {
        var surroundings = DoctorSurroundings()
        surroundings.isClockSynchronised = { answer }
        #expect(try findings(of: ClockCheck(), surroundings).map(\.code) == [code])
    }

    @Test func aMissingUnitIsSeenWhereSystemdRuns() async throws {
        let bus = try await PrivateBus.start(services: [:])
        let folder = try TemporaryFolder()
        var surroundings = DoctorSurroundings()
        surroundings.root = folder.path
        surroundings.value = { [path = folder.path] name in name == "HOME" ? path + "/home" : nil }
        func codes() throws -> Set<String> {
            Set(
                try findings(of: ServiceCheck(), surroundings) { examination in
                    let client = try? await ServiceClient(on: examination.loop, at: .address(bus.address))
                    examination.learn { $0.bus = client }
                }.map(\.code))
        }
        #expect(try codes() == ["service.no-activation", "service.no-autostart"])
        for path in ["run/systemd/system", "usr/lib/systemd/user", "etc/xdg/autostart"] {
            try FileManager.default.createDirectory(atPath: folder.file(path), withIntermediateDirectories: true)
        }
        #expect(try codes() == ["service.no-activation", "service.no-unit", "service.no-autostart"])
        for path in [
            "usr/lib/systemd/user/eonayd.service", "etc/xdg/autostart/org.eonay.EOnay1.autostart.desktop",
        ] {
            try Data().write(to: URL(filePath: folder.file(path)))
        }
        #expect(try codes() == ["service.no-activation"])
    }

    @Test func aLookThatHangsIsGivenUp() throws {
        struct Hanging: Check {
            let topic = Topic.portal
            let limit: Duration = .milliseconds(50)
            func look(_ examination: Examination) async -> [Finding] {
                // As a disk that does not answer.
                await examination.blocking(.seconds(3600)) {
                    var ends: [Int32] = [0, 0]
                    var byte: UInt8 = 0
                    pipe(&ends)
                    read(ends[0], &byte, 1)
                    return []
                } ?? []
            }
        }
        let found = Guarded<Diagnosis?>(nil)
        try Program.run { loop in
            let diagnosis = await Doctor.examine(Examination(on: loop), by: [Hanging(), ClockCheck()])
            found.withLock { $0 = diagnosis }
        }
        let codes = found.withLock { $0 }?.findings.map(\.code) ?? []
        #expect(codes.first == "portal.no-answer" && codes.count == 2)
    }

    // MARK: - Errors

    @Test(arguments: ErrorName.allCases)
    func everyErrorIsExplained(_ error: ErrorName) throws {
        for name in [error.rawValue, error.rawValue.lowercased(), error.busName] {
            #expect(try ErrorExplanation(name).error == error)
        }
    }

    @Test func anErrorIsExplainedAndAnUnknownNameIsAMistake() async throws {
        let environment = ["LC_ALL": "C.UTF-8", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"]
        let eonay = try Programs.built("eonay")
        let shown = try await TestBench.run(eonay, ["doctor", "NoModule"], environment: environment).check().text
        for word in ["NoModule", "No driver (PKCS#11 module) knows this card.", "17", "Card, Driver"] {
            #expect(shown.contains(word), "\(shown)")
        }
        let json = try await TestBench.run(eonay, ["doctor", "nomodule", "--json"], environment: environment).check()
            .text
        #expect(json.hasPrefix(#"{"name":"NoModule","status":17,"#) && json.contains(#""topics":["card","driver"]"#))
        let wrong = try await TestBench.run(eonay, ["doctor", "NoModul"], environment: environment)
        #expect(wrong.status == .exited(2) && wrong.description.contains("NoModule"))
    }

    // MARK: - Reports

    @Test func aMaskLeavesNoNumberAndNoKnownWord() {
        let mask = Mask(words: ["Şükrü", "ACS Reader (55041234) 00 00"])
        #expect(
            mask.masked("Şükrü has 10000000146 and 0a1b2c3d4e5f at ACS Reader (55041234) 00 00") == "… has … and … at …"
        )
        #expect(
            mask.masked("3B 9F 97 81 libssl.so.1.1 effective 365 days")
                == "3B 9F 97 81 libssl.so.1.1 effective 365 days")
        #expect(Mask.withoutHome("/home/ayse/lib/x.so") == "/home/…/lib/x.so")
        #expect(Mask.withoutHome("/usr/lib/x.so") == "/usr/lib/x.so")
        let reader = Phrase.text(Texts.marked("Connected: %1"), [.personal("ACS")])
        #expect(reader.said(Texts(.english), isPublic: true) == "Connected: …")
        #expect(reader.said(Texts(.english)) == "Connected: ACS")
    }
}
