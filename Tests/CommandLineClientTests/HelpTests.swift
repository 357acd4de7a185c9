// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import TestBench
import Testing

/// The program itself, without any bus.
@Suite(.timeLimit(.minutes(1)))
struct HelpTests {
    private func eonay(_ arguments: String..., locale: String = "C") async throws -> Finished {
        try await TestBench.run(
            Programs.built("eonay"), arguments,
            environment: ["LC_ALL": locale, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"])
    }

    @Test func helpSpeaksEnglishAndTurkish() async throws {
        let english = try await eonay("help").check()
        #expect(english.text.contains("USAGE: eonay <subcommand>"))
        let turkish = try await eonay("help", "approve", locale: "tr_TR.UTF-8").check()
        #expect(turkish.text.contains("KULLANIM: eonay approve"))
        #expect(turkish.text.contains("Kartın takılması için beklenecek saniye."))
        #expect(!turkish.text.contains("Show help"))
    }

    @Test func theVersionIsTold() async throws {
        #expect(try await eonay("--version").check().text == "eonay \(Release.version)\n")
    }

    @Test(arguments: [
        ["statu"], ["approve"], ["approve", "--accept", "--decline"], ["snooze"], ["snooze", "--days", "0"],
        ["approve", "--accept", "--terminal", "--no-prompt"], ["approve", "--accept", "--pin-fd", "77"],
        ["snooze", "--until", "31.02.2027"], ["snooze", "--until", "2020-01-01"], ["inspect"],
    ])
    func usageIsStatusTwo(arguments: [String]) async throws {
        let environment = ["LC_ALL": "C"]
        let end = try await TestBench.run(Programs.built("eonay"), arguments, environment: environment)
        #expect(end.status == .exited(2), "\(end)")
        #expect(end.output.isEmpty)
        let json = try await TestBench.run(
            Programs.built("eonay"), arguments + ["--json"], environment: environment)
        #expect(json.status == .exited(2))
        #expect(json.text.hasPrefix(#"{"error":{"name":"Usage","status":2,"#))
    }

    @Test(arguments: [
        ["status"], ["expiry"], ["tokens"], ["certificates"], ["history"], ["watch"], ["snooze", "--off"],
        ["approve", "--accept"], ["sign", "12345-67890", "12345"],
    ])
    func withoutABusEveryCommandSaysSo(arguments: [String]) async throws {
        let environment = ["LC_ALL": "tr_TR.UTF-8", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"]
        let end = try await TestBench.run(Programs.built("eonay"), arguments, environment: environment)
        #expect(end.status == .exited(3), "\(end)")
        #expect(end.lines.first?.text.hasPrefix("eonay: Burada oturum veri yolu yok.") == true)
        let json = try await TestBench.run(
            Programs.built("eonay"), arguments + ["--json"], environment: environment)
        #expect(json.text.hasPrefix(#"{"error":{"name":"ServiceUnavailable","status":3,"#))
    }

    @Test func aCodeThatIsNoneIsToldAtOnce() async throws {
        let end = try await eonay("sign", "12345")
        #expect(end.status == .exited(30))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsAreMade(shell: String) async throws {
        let script = try await eonay("--generate-completion-script", shell).check().text
        #expect(script.contains("certificates"))
    }
}
