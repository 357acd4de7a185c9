// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct DesktopConfigurationTests {
    private func read(_ files: String...) -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue]) {
        DesktopConfiguration.read(files.enumerated().map { ("file\($0)", Array($1.utf8)) })
    }

    @Test func withoutFilesTheUsualHolds() {
        let (configuration, issues) = read()
        #expect(configuration == DesktopConfiguration())
        #expect(issues.isEmpty)
        #expect(configuration.reminderPlanner == ReminderPlanner())
        #expect(configuration.timeZone == "Europe/Istanbul" && configuration.listDeadline == 20)
        #expect(configuration.portals.isEmpty)
    }

    @Test func everyKeyIsRead() throws {
        let (configuration, issues) = read(
            """
            [General]
            Locale=tr_TR.UTF-8
            TimeZone=Asia/Nicosia
            [Reminders]
            Enabled=false
            RenewalDays=90
            Ladder=60; 10 ;0;
            [Tokens]
            Modules=/usr/lib/libakisp11.so;/opt/a b/x.so
            Discover=false
            Confine=false
            ListDeadline=5
            [Portal "kurum"]
            Origin=https://portal.example.org
            CAFile=/etc/ssl/kurum.pem
            [Portal "yerel"]
            Origin=http://127.0.0.1:8080/
            [Renewal]
            Örnek ESHS = https://ornek.example/yenile
            [Prompt]
            Pinentry=/usr/bin/pinentry-curses
            [Notifications]
            Enabled=false
            """)
        #expect(issues.isEmpty)
        var expected = DesktopConfiguration()
        expected.locale = "tr_TR.UTF-8"
        expected.timeZone = "Asia/Nicosia"
        expected.remindersEnabled = false
        expected.renewalWindow = try #require(RenewalWindow(days: 90))
        expected.ladder = try #require(ReminderLadder([60, 10, 0]))
        expected.modules = ["/usr/lib/libakisp11.so", "/opt/a b/x.so"]
        expected.discoversModules = false
        expected.confinesModules = false
        expected.listDeadline = 5
        expected.portals = [
            ConfiguredPortal(
                name: "kurum", origin: try Origin("https://portal.example.org"), caFile: "/etc/ssl/kurum.pem"),
            ConfiguredPortal(name: "yerel", origin: try Origin("http://127.0.0.1:8080")),
        ]
        expected.renewalPages =
            [RenewalPage(issuerPart: "Örnek ESHS", address: "https://ornek.example/yenile")] + RenewalPage.known
        expected.pinentry = "/usr/bin/pinentry-curses"
        expected.notificationsEnabled = false
        #expect(configuration == expected)
    }

    @Test func theStrongerFileGoesFirst() {
        let (configuration, issues) = read(
            "[Portal \"b\"]\nOrigin=https://b.example\n[Reminders]\nRenewalDays=10\n",
            "[Portal \"a\"]\nOrigin=https://a.example\n[Portal \"b\"]\nOrigin=https://x.example\nCAFile=/b.pem\n"
                + "[Reminders]\nRenewalDays=20\nLadder=5\n")
        #expect(issues.isEmpty)
        #expect(configuration.portals.map(\.name) == ["b", "a"])
        #expect(configuration.portals[0].origin.text == "https://b.example")
        #expect(configuration.portals[0].caFile == "/b.pem")
        #expect(configuration.renewalWindow.days == 10)
        #expect(configuration.ladder.thresholds == [5])
    }

    @Test func aWrongValueIsToldAndTheUsualHolds() {
        let (configuration, issues) = read(
            "[Reminders]\nRenewalDays=0\nLadder=30;x\nEnabled=yes\n[Tokens]\nListDeadline=601\nModules=libakisp11.so\n"
                + "[General]\nTimeZone=../../etc/passwd\nLocale=türkçe\n[Prompt]\nPinentry=pinentry\n")
        #expect(configuration == DesktopConfiguration())
        #expect(
            issues.map(\.description) == [
                "file0:2: RenewalDays in [Reminders]: not a number from 1 to 365, using 30",
                "file0:3: Ladder in [Reminders]: not numbers from 0 to 365 with ; between them, using 30;14;7;3;1;0",
                "file0:4: Enabled in [Reminders]: not true or false, using true",
                "file0:6: ListDeadline in [Tokens]: not a number from 1 to 600, using 20",
                "file0:7: Modules in [Tokens]: not absolute paths with ; between them, using none",
                "file0:9: TimeZone in [General]: not a time zone's name, using Europe/Istanbul",
                "file0:10: Locale in [General]: not a locale's name, using the session's",
                "file0:12: Pinentry in [Prompt]: not an absolute path, using the system's",
            ])
    }

    @Test func aWrongValueLetsTheWeakerFileSpeak() {
        let (configuration, issues) = read("[Tokens]\nListDeadline=soon\n", "[Tokens]\nListDeadline=7\n")
        #expect(configuration.listDeadline == 7)
        #expect(
            issues.map(\.description) == ["file0:2: ListDeadline in [Tokens]: not a number from 1 to 600, using 7"])
    }

    @Test func whatNobodyKnowsIsToldWithItsLine() {
        let (configuration, issues) = read(
            "x\n[General]\nLocal=tr\n[Genel]\nLocale=tr\n[Portal]\nOrigin=https://a.example\n[Portal \"\"]\n"
                + "[General]\nTimeZone=UTC\nTimeZone=Asia/Nicosia\n")
        #expect(configuration.timeZone == "Asia/Nicosia")
        #expect(
            issues.map(\.description) == [
                "file0:1: neither a group nor a key with a value, ignored",
                "file0:3: Local in [General]: no such key, ignored",
                "file0:4: [Genel]: no such group, ignored", "file0:6: [Portal]: no such group, ignored",
                "file0:8: [Portal \"\"]: no such group, ignored",
                "file0:10: TimeZone in [General]: given again in line 11, ignored",
            ])
    }

    @Test func aPortalNeedsAnOriginOfItsOwn() {
        let (configuration, issues) = read(
            "[Portal \"a\"]\nCAFile=/a.pem\n[Portal \"b\"]\nOrigin=http://b.example\n[Portal \"c\"]\n"
                + "Origin=https://c.example\n[Portal \"d\"]\nOrigin=https://C.example:443/\n")
        #expect(configuration.portals.map(\.name) == ["c"])
        #expect(
            issues.map(\.description) == [
                "file0:2: [Portal \"a\"]: no Origin, ignored",
                "file0:4: Origin in [Portal \"b\"]: not an https origin, using no portal",
                "file0:8: [Portal \"d\"]: its Origin is another portal's, ignored",
            ])
    }

    @Test func aRenewalPageIsFoundByAPartOfTheIssuersName() {
        let (configuration, issues) = read(
            "[Renewal]\nKamu Elektronik=https://kurum.example/\nÖrnek=javascript:alert(1)\nBaşka=https://a b\n")
        #expect(
            configuration.renewalPage(of: Issuer("Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6"))
                == "https://kurum.example/")
        #expect(configuration.renewalPage(of: Issuer("Örnek ESHS")) == nil)
        #expect(issues.map(\.line) == [3, 4])
        #expect(
            DesktopConfiguration().renewalPage(of: Issuer("Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6"))
                == "https://onlineislemler.kamusm.gov.tr/")
    }

    @Test func noiseIsReadWithoutHarm() {
        var state: UInt64 = 42
        let noise = (0..<100_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        #expect(DesktopConfiguration.read([("noise", noise)]).configuration == DesktopConfiguration())
    }
}
