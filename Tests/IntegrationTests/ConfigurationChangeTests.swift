// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import Foundation
import TestBench
import Testing
import TokenBench
import VirtualCard

/// eonay.conf is taken up when it changes, and what is wrong in it is told.
@Suite(.timeLimit(.minutes(2))) struct ConfigurationChangeTests {
    private func root(_ bus: SessionBus, _ name: String, _ isRight: @escaping @Sendable (Value) -> Bool) async throws {
        try await bus.wait(for: name, of: "", at: SessionBus.root, until: isRight)
    }

    @Test func portalsAndDaysAreTakenUpAndSignalled() async throws {
        let bench = try await ServiceBench(.own(0))
        #expect(try await bench.bus.properties("", of: SessionBus.root)["Portals"]?.elements == [])
        try bench.desktop.configure(
            "[Portal \"deneme\"]\nOrigin=https://portal.example\n\n[Reminders]\nRenewalDays=45\n")
        try await root(bench.bus, "Portals") { $0.elements?.map(\.string) == ["https://portal.example"] }
        try await root(bench.bus, "RenewalDays") { $0.uint32 == 45 }
        try bench.desktop.configure()
        try await root(bench.bus, "Portals") { $0.elements == [] }
        try await root(bench.bus, "RenewalDays") { $0.uint32 == 30 }
    }

    @Test func aModuleThatIsNamedNowReadsTheCardThatIsIn() async throws {
        let desktop = try await Desktop()
        let file = "config/eonay/eonay.conf"
        _ = try desktop.folder.write(file, "[Tokens]\nDiscover=false\n")
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "NoModule" }
        try desktop.configure()
        try await bench.token { $1.errorName == "" }
        try await card.remove()
    }

    @Test func theLadderAndThePhaseFollow() async throws {
        let desktop = try await Desktop()
        let end = Desktop.now() + 40 * 86_400 + 3600
        let card = try await desktop.pcscd.insert(
            desktop.card(.akis, [CertificateRequest(notBefore: end - 1095 * 86_400, notAfter: end)]))
        let bench = try await ServiceBench(on: desktop)
        try await bench.token()
        #expect(try await bench.bus.objects("Certificate").values.first?["Phase"]?.string == "valid")
        try desktop.configure("[Reminders]\nRenewalDays=60\nLadder=50;1\n")
        let told = try await bench.bus.signals.next { $0.member == "ExpiryReminder" }
        #expect(told.arguments[2].int32 == 40)
        #expect(try await bench.bus.objects("Certificate").values.first?["Phase"]?.string == "renewal-due")
        try await card.remove()
    }

    @Test func wrongLinesAreOnTheBusAndInTheCommandsAnswerUntilTheyArePutRight() async throws {
        let bench = try await ServiceBench(.own(0), locale: "en_GB.UTF-8")
        let (bus, desktop) = (bench.bus, bench.desktop)
        let file = desktop.folder.file("config/eonay/eonay.conf")
        #expect(try await bus.properties("", of: SessionBus.root)["ConfigurationIssues"]?.elements == [])
        #expect(
            try await desktop.run("eonay", "config", "check").check().text
                == "Nothing is wrong in the configuration's files.\n")

        try desktop.configure("[Reminders]\nRenewalDays=soon\nLader=3\n[Gen\u{0}el]\n")
        try await root(bus, "ConfigurationIssues") { $0.elements?.isEmpty == false }
        let rows = try #require(try await bus.properties("", of: SessionBus.root)["ConfigurationIssues"]?.elements)
        #expect(rows.map { $0.members?[0].string } == [file, file, file])
        #expect(rows.map { $0.members?[1].uint32 } == [6, 7, 8])
        #expect(
            rows[0].members?[2].string
                == "RenewalDays in [Reminders] is not a number from 1 to 365. Used instead: 30")
        // The command reads the files itself, and says of them what the service says.
        let told = try await desktop.run("eonay", "config").check().text
        #expect(told.contains("\(file):6: RenewalDays in [Reminders] is not a number from 1 to 365. Used instead: 30"))
        #expect(told.contains("\(file):7: There is no Lader in [Reminders]; it is ignored."))
        let json = try await desktop.run("eonay", "config", "--json").check().text
        #expect(json.hasPrefix(#"{"issues":[{"file":""#))
        #expect(json.contains(#""line":7"#))

        try desktop.configure()
        try await root(bus, "ConfigurationIssues") { $0.elements == [] }
    }

    @Test func aFileThatCannotBeReadIsToldAsAWhole() async throws {
        let desktop = try await Desktop(.own(0), locale: "en_GB.UTF-8")
        let file = desktop.folder.file("config/eonay/eonay.conf")
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
        let bench = try await ServiceBench(on: desktop)
        let rows = try await bench.bus.properties("", of: SessionBus.root)["ConfigurationIssues"]?.elements
        #expect(rows?.first?.members?[1].uint32 == 0)
        #expect(try await desktop.run("eonay", "config").check().text.hasPrefix("\(file): The file cannot be read"))
    }

    @Test func turningNotificationsOffTakesAwayWhatStands() async throws {
        let desktop = try await Desktop()
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await screen.shows("Kart takıldı")
        try desktop.configure("[Notifications]\nEnabled=false\n")
        try await screen.withdraws()
        try await screen.waitFor(count: 0)
        try await card.remove()
    }
}
