// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import TestBench
import Testing
import Texts

@testable import CommandLineClient

/// `eonay config`, without a bus.
@Suite(.timeLimit(.minutes(1)))
struct ConfigCommandTests {
    private let folder: TemporaryFolder
    private let file: String

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.makeFolder("config/eonay")
        file = folder.file("config/eonay/eonay.conf")
    }

    private func configure(_ text: String) throws { _ = try folder.write("config/eonay/eonay.conf", text) }

    private func eonay(_ words: String..., locale: String = "C.UTF-8", input: String = "") async throws -> Finished {
        try await TestBench.run(
            Programs.built("eonay"), ["config"] + words,
            environment: [
                "LC_ALL": locale, "LANGUAGE": "", "XDG_CONFIG_HOME": folder.file("config"),
                "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            ], input: Array(input.utf8))
    }

    private func object(_ finished: Finished) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(finished.output)) as? [String: Any])
    }

    @Test func everyKeyIsShownWithItsValueItsOriginAndItsMeaning() async throws {
        try configure("[Reminders]\nRenewalDays=45\n[Portal \"Kamu\"]\nOrigin=https://portal.example\n")
        let shown = try await eonay().check().text
        #expect(
            shown.hasPrefix("Nothing is wrong in the configuration's files.\n\n[General] Locale = (the session's)\n"))
        for key in DesktopConfiguration.keys {
            #expect(shown.contains("] \(key.name) = ") && shown.contains(key.sentence))
        }
        let days =
            "[Reminders] RenewalDays = 45\n    So many days before its end a certificate is due to be renewed; 1 to 365.\n"
        #expect(shown.contains(days + "    From \(file), line 2; default: 30\n"))
        #expect(shown.contains("[Portal \"Kamu\"] Origin = https://portal.example\n"))
        #expect(shown.contains("[Notifications] Enabled = true\n    Whether to show notifications.\n    The default\n"))
    }

    @Test(arguments: ["RenewalDays", "renewaldays", "Reminders.RenewalDays"])
    func oneKeyIsShownAlone(_ word: String) async throws {
        try configure("[Reminders]\nRenewalDays=soon\n[Tokenz]\n")
        let shown = try await eonay(word).check().lines.map(\.text)
        #expect(
            shown == [
                "\(file):2: RenewalDays in [Reminders] is not a number from 1 to 365. Used instead: 30",
                "[Reminders] RenewalDays = 30",
                "    So many days before its end a certificate is due to be renewed; 1 to 365.", "    The default",
            ])
    }

    @Test func aGroupShowsItsKeys() async throws {
        let json = try object(try await eonay("Tokens", "--json").check())
        let keys = try #require(json["keys"] as? [[String: Any]])
        #expect(
            keys.map { $0["name"] as? String } == [
                "Modules", "Discover", "Confine", "ReadWithoutDriver", "ListDeadline",
            ])
        #expect(keys.allSatisfy { Set($0.keys) == ["group", "name", "meaning", "value", "default", "file", "line"] })
        #expect(keys[0]["value"] is NSNull && keys[4]["value"] as? String == "20" && keys[4]["file"] is NSNull)
    }

    @Test func anUnknownKeyIsNamedWithTheOneThatWasMeant() async throws {
        let typo = try await eonay("RenewalDay", "--json")
        #expect(typo.status == .exited(2))
        #expect(typo.text.contains(#""detail":"RenewalDay""#) && typo.text.contains("Did you mean RenewalDays?"))
        let turkish = try await eonay("Nichts", locale: "tr_TR.UTF-8")
        #expect(turkish.lines.first?.text == "eonay: eonay.conf dosyasında Nichts diye bir anahtar yok.")
        #expect(try await eonay("Ladder", "extra").status == .exited(2))
    }

    @Test func aFileIsCheckedBeforeItIsPutInItsPlace() async throws {
        try configure("[Reminders]\nRenewalDays=soon\n")
        let good = try folder.write("good.conf", "[Reminders]\nRenewalDays=45\n")
        #expect(try await eonay("check", good).check().text == "Nothing is wrong in \(good).\n")
        #expect(try await eonay("check", good, "--quiet").check().lines.isEmpty)
        let bad = try folder.write("bad.conf", "[Reminders]\nLader=3\nnonsense\n")
        let faults = try await eonay("check", bad, locale: "tr_TR.UTF-8")
        #expect(faults.status == .exited(4))
        #expect(
            faults.lines.map(\.text) == [
                "\(bad):2: [Reminders] grubunda Lader anahtarı yok; dikkate alınmıyor.",
                "\(bad):3: Bu satır ne bir grup ne de değeri olan bir anahtar; dikkate alınmıyor.",
            ])
        let quiet = try await eonay("check", bad, "-q")
        #expect(quiet.status == .exited(4) && quiet.lines.isEmpty)
        let json = try await eonay("check", bad, "--json")
        let issues = try object(json)["issues"] as? [Any]
        #expect(json.status == .exited(4) && issues?.count == 2)
        let piped = try await eonay("check", "-", input: "[Reminders]\nRenewalDays=0\n")
        #expect(piped.status == .exited(4) && piped.text.hasPrefix("-:2: "))
        #expect(try await eonay("check").status == .exited(4))
        #expect(try await eonay("check", folder.file("none")).status == .exited(4))
    }

    /// What is wrong does not keep it from showing what holds.
    @Test func wrongLinesAreShownFirst() async throws {
        try configure("[Tokenz]\n[General]\nTimeZone=Mars\n")
        let shown = try await eonay().check().lines.map(\.text)
        #expect(shown[0] == "\(file):1: There is no group [Tokenz]; it is ignored.")
        #expect(shown[1].hasPrefix("\(file):3: TimeZone in [General]"))
        #expect(shown[2] == "" && shown[3].hasPrefix("[General] Locale"))
    }

    @Test func inTurkishEverythingIs() async throws {
        let shown = try await eonay(locale: "tr_TR.UTF-8").check().text
        #expect(EnglishWords.found(in: shown) == [])
        #expect(shown.contains("    Bildirim gösterilsin mi?\n    Varsayılan\n"))
    }
}
