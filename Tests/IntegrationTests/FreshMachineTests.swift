// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// A fresh machine's story: what is missing is told, and each thing that comes is seen without a restart.
@Suite(.timeLimit(.minutes(3)))
struct FreshMachineTests {
    /// A desktop that has no driver yet; the one to come is OpenSC, under the name of TÜBİTAK's.
    private func desktop(pcscdRuns: Bool = true, more: String = "") async throws -> (Desktop, module: String) {
        let desktop = try await Desktop(.own(0), pcscdRuns: pcscdRuns, locale: "en_GB.UTF-8")
        let folder = try desktop.folder.makeFolder("opt/Akia")
        try desktop.configure(more, modules: [folder + "/libakisp11.so"])
        return (desktop, folder + "/libakisp11.so")
    }

    private func installDriver(_ desktop: Desktop, _ module: String) throws {
        try desktop.openSC.prepare(URL(fileURLWithPath: module).deletingLastPathComponent().path)
        let real = URL(fileURLWithPath: desktop.openSC.module).resolvingSymlinksInPath().path
        try FileManager.default.copyItem(atPath: real, toPath: module)
    }

    /// The command's status and all that it writes, however the lines are folded.
    private func words(of desktop: Desktop, _ command: String, _ option: String = "--no-pager") async throws -> String {
        try await desktop.run("eonay", command, option).description.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    private func driver(_ facts: [String: Value]) -> [String?] {
        ["Family", "Driver", "DriverPage"].map { facts[$0]?.string }
    }

    private static let akia = ["akis", "AKİA 6.8.10 (akia)", "https://akiskart.bilgem.tubitak.gov.tr/tr/destek/"]

    @Test func fromNoCardServiceToACardThatIsRead() async throws {
        let (desktop, module) = try await desktop(pcscdRuns: false)
        let (screen, opener) = (try await Screen(on: desktop), try await Opener())
        let bench = try await ServiceBench(on: desktop, environment: opener.environment)
        try await bench.waitFor(watcher: "no-service")
        try await desktop.pcscd.start()
        try await bench.waitFor(watcher: "no-reader")
        let reader = try desktop.pcscd.plugIn()
        try await bench.waitFor(watcher: "watching")

        // AKİS 1.0 with another layout than the one that is read without a driver.
        let card = try await bench.insert(into: reader)
        let before = try await bench.token()
        #expect(before.facts.errorName == "NoModule" && driver(before.facts) == Self.akia)
        try await screen.shows("This is an AKİS card, and its driver is not installed.")
        try await screen.press("Get the driver")
        #expect(try await opener.opened().page == Self.akia[2])
        let tokens = try await words(of: desktop, "tokens")
        #expect(tokens.contains("AKİS") && tokens.contains("Install AKİA 6.8.10 (package akia)"))
        let json = try await desktop.run("eonay", "tokens", "--json").output
        let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
        let token = try #require((object?["tokens"] as? [[String: Any]])?.first)
        #expect(["family", "driver", "driver_page"].map { token[$0] as? String } == Self.akia)

        try installDriver(desktop, module)
        let after = try await bench.token { $1.errorName == "" }
        #expect(after.path == before.path && driver(after.facts) == ["akis", "", ""])
        #expect(after.facts["Certificates"]?.elements?.count == 1)
        try await card.remove()
    }

    @Test func aCardThatEverybodyMayReadIsReadWithoutItsDriverAndSignsWithIt() async throws {
        let (desktop, module) = try await desktop()
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let reader = try desktop.pcscd.plugIn()
        try await bench.waitFor(watcher: "watching")
        let card = try await bench.insert(desktop.card(.akis2), into: reader)
        let before = try await bench.token()
        #expect(before.facts.errorName == "" && driver(before.facts) == Self.akia)
        #expect(before.facts["Certificates"]?.elements?.count == 1)
        try await screen.shows("It was read without its driver, and cannot sign yet.")
        // Its end is known, and reminded of.
        #expect(try await bench.bus.call("Expiry").first?.elements?.count == 1)
        let tokens = try await words(of: desktop, "tokens")
        #expect(tokens.contains("read without its driver") && tokens.contains("(package akia)"))

        try desktop.configure(
            "[Portal \"deneme\"]\nOrigin=https://127.0.0.1:9", modules: [module])
        try await bench.bus.until { bus in
            try await bus.properties("", of: SessionBus.root)["Portals"]?.elements?.isEmpty == false
        }
        let refused = try await words(of: desktop, "approve", "--accept")
        #expect(refused.contains(": exited(17) ") && refused.contains("Install AKİA 6.8.10 (package akia)"))

        try installDriver(desktop, module)
        let after = try await bench.token { $1["Driver"]?.string == "" }
        #expect(after.path == before.path && after.facts["Model"]?.string != "AKİS")
        #expect(after.facts["Certificates"] == before.facts["Certificates"])
        try await card.remove()
    }

    /// Turned off by its key, or AKİS 1.2, which lets nobody read without a key to speak with it.
    @Test(arguments: ["ReadWithoutDriver=false", ""])
    func whereItIsNotReadSoNoCommandIsSent(_ configuration: String) async throws {
        let (desktop, _) = try await desktop(more: configuration)
        let bench = try await ServiceBench(on: desktop)
        let reader = try desktop.pcscd.plugIn()
        try await bench.waitFor(watcher: "watching")
        var description = try desktop.card(.akis2)
        if configuration.isEmpty { description.answerToReset = .akis12 }
        let card = try await bench.insert(description, into: reader)
        let token = try await bench.token()
        #expect(token.facts.errorName == "NoModule" && driver(token.facts) == Self.akia)
        #expect(card.events.all.allSatisfy { if case .apdu = $0 { false } else { true } })
        try await card.remove()
    }
}
