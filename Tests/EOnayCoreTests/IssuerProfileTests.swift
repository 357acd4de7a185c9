// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

/// The profiles of issuers: built in, and as the configuration's `[Issuer "PART"]` says them.
@Suite(.timeLimit(.minutes(1)))
struct IssuerProfileTests {
    private let kamuSM = Issuer("Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6")

    private func read(_ files: String...) -> (configuration: DesktopConfiguration, issues: [String]) {
        let (configuration, issues) = DesktopConfiguration.read(
            files.enumerated().map { ("file\($0)", Array($1.utf8)) })
        return (configuration, issues.map(\.description))
    }

    @Test func theBuiltInOnesAreFoundByTheirNames() throws {
        let profile = DesktopConfiguration().profile(of: kamuSM)
        #expect(profile.ladder?.thresholds == [90, 60, 30, 14, 7, 3, 1, 0] && profile.beginsAtInstitution)
        #expect(profile.unlockPage == "https://onlineislemler.kamusm.gov.tr/" && profile.phone == "444 5 576")
        #expect(profile.renewalDays == nil)
        for (name, page) in [
            ("e-Guven Nitelikli Elektronik Sertifika", "https://www.e-guven.com/"),
            ("E-Tuğra NES ECC v3", "https://www.e-tugra.com.tr/"),
            ("EBG Elektronik Sertifika Hizmet Sağlayıcısı", "https://www.e-tugra.com.tr/"),
            ("TÜRKTRUST NES H9", "https://www.turktrust.com.tr/"),
            ("Turktrust NES H9", "https://www.turktrust.com.tr/"),
        ] {
            let profile = DesktopConfiguration().profile(of: Issuer(name))
            #expect(profile.renewPage == page && profile.unlockPage == page && profile.openPage == page, "\(name)")
        }
        #expect(DesktopConfiguration().profile(of: Issuer("Deneme")) == IssuerProfile("Deneme"))
        // A company renews its seal itself.
        let seals = DesktopConfiguration().profile(
            of: Issuer("Mali Mühür Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 3"))
        #expect(!seals.beginsAtInstitution && seals.renewPage != nil && seals.ladder == nil)
    }

    @Test func anIssuerIsNamedByAPartOfItsNameOrByItsKey() {
        let issuer = Issuer("Örnek ESHS - Sürüm 1", key: "0123456789abcdef0123456789abcdef01234567")
        #expect(IssuerProfile("örnek").isOf(issuer) == false && IssuerProfile("eshs - s").isOf(issuer))
        #expect(IssuerProfile("01:23:45:67:89:AB:CD:EF").isOf(issuer))
        #expect(IssuerProfile("0123456789abcdef0123456789abcdef01234567").isOf(issuer))
        // Too few digits to mean a key, and digits from the middle of one.
        #expect(!IssuerProfile("0123456789").isOf(issuer) && !IssuerProfile("23456789abcdef0123").isOf(issuer))
        #expect(!IssuerProfile("").isOf(issuer) && !IssuerProfile("0123456789abcdef").isOf(Issuer("Örnek")))
    }

    @Test func eachKeyIsReadAndTheRestStaysBuiltIn() throws {
        let (configuration, issues) = read(
            """
            [Issuer "Kamu SM"]
            RenewalDays=90
            Ladder=120;60
            RenewPage=https://kurum.example/yenile
            UnlockPage=https://kurum.example/kilit
            OpenPage=https://kurum.example/ac
            Phone=+90 (312) 000 00-00
            Note=Önce Nazan Hanım’a yazın.
            Note[en]=Write to Nazan first.
            [Issuer "Kamu Elektronik"]
            Phone=1234
            """)
        #expect(issues.isEmpty)
        var profile = configuration.profile(of: Issuer("Kamu SM"))
        #expect(profile.renewalDays?.days == 90 && profile.ladder?.thresholds == [120, 60])
        #expect(
            profile.renewPage == "https://kurum.example/yenile" && profile.unlockPage == "https://kurum.example/kilit")
        #expect(profile.openPage == "https://kurum.example/ac" && profile.phone == "+90 (312) 000 00-00")
        #expect(profile.note == "Önce Nazan Hanım’a yazın." && profile.noteInEnglish == "Write to Nazan first.")
        profile = configuration.profile(of: kamuSM)
        #expect(profile.phone == "1234" && profile.ladder?.thresholds.first == 90 && profile.note == nil)
    }

    @Test func nonsenseIsNamedAndHarmsNothingElse() {
        let (configuration, issues) = read(
            """
            [Issuer "Kamu SM"]
            RenewalDays=0
            Ladder=90;soon
            RenewPage=http://kurum.example/
            UnlockPage=javascript:alert(1)
            OpenPage=https://a b/
            Phone=call me
            Note=
            Note[en]=\u{202E}evil
            Note[de]=Zuerst
            Colour=red
            Phone=1234
            Phone=12 345
            [Issuer ""]
            Phone=1
            [Issuer]
            [Issuer "a"b"]
            [Issuer "Örnek"]
            Phone=9999999999999999999999999999999999
            """,
            "[Issuer \"Kamu SM\"]\nUnlockPage=https://kurum.example/\n")
        let group = "[Issuer \"Kamu SM\"]"
        #expect(
            issues == [
                "file0:2: RenewalDays in \(group): not a number from 1 to 365, using the built-in one, if there is one",
                "file0:3: Ladder in \(group): not numbers from 0 to 365 with ; between them, using the built-in one, if there is one",
                "file0:4: RenewPage in \(group): not an https address, using the built-in one, if there is one",
                "file0:5: UnlockPage in \(group): not an https address, using https://kurum.example/",
                "file0:6: OpenPage in \(group): not an https address, using the built-in one, if there is one",
                "file0:7: Phone in \(group): given again in line 13, ignored",
                "file0:8: Note in \(group): not a text of 1 to 300 characters, using the built-in one, if there is one",
                "file0:9: Note[en] in \(group): not a text of 1 to 300 characters, using the built-in one, if there is one",
                "file0:10: Note[de] in \(group): no such key, ignored",
                "file0:11: Colour in \(group): no such key, ignored",
                "file0:12: Phone in \(group): given again in line 13, ignored",
                "file0:14: [Issuer \"\"]: no such group, ignored", "file0:16: [Issuer]: no such group, ignored",
                "file0:17: [Issuer \"a\"b\"]: no such group, ignored",
                "file0:19: Phone in [Issuer \"Örnek\"]: not a telephone number, using the built-in one, if there is one",
            ])
        var profile = DesktopConfiguration().profile(of: Issuer("Kamu SM"))
        (profile.unlockPage, profile.phone) = ("https://kurum.example/", "12 345")
        #expect(configuration.profile(of: Issuer("Kamu SM")) == profile)
        #expect(configuration.reminderPlanner == ReminderPlanner())
    }

    @Test func theKindsToRemindOfAreWords() {
        #expect(read("[Reminders]\nKinds=seal; e-seal;\n").configuration.remindedKinds == [.seal, .eSeal])
        for nonsense in ["", ";", "nes;mühür", "NES"] {
            let (configuration, issues) = read("[Reminders]\nKinds=\(nonsense)\n")
            #expect(configuration.remindedKinds == [.nes, .mobileNES, .seal])
            #expect(
                issues == [
                    "file0:2: Kinds in [Reminders]: not some of nes, mobile-nes, seal, e-seal, authentication, encryption, other"
                        + " with ; between them, using nes;mobile-nes;seal"
                ])
        }
    }

    @Test func aPageMayStandInEitherGroup() {
        let renewal = "[Renewal]\nKamu=https://a.example\n"
        #expect(read(renewal).configuration.profile(of: kamuSM).renewPage == "https://a.example")
        let issuer = "[Issuer \"Kamu\"]\nRenewPage=https://b.example\n"
        #expect(read(renewal + issuer).configuration.profile(of: kamuSM).renewPage == "https://b.example")
    }

    @Test func aPersonsOwnLadderAndWindowWinOverEveryIssuers() {
        let issuer = "[Issuer \"Kamu\"]\nRenewalDays=90\nLadder=80\n"
        let validity = Validity(notBefore: 0, notAfter: 1000 * Validity.day)
        let now = validity.instant(daysBeforeEnd: 85)
        var planner = read(issuer).configuration.reminderPlanner
        #expect(planner.phase(of: validity, by: kamuSM, at: now) == .renewalDue)
        #expect(planner.phase(of: validity, by: Issuer("Deneme"), at: now) == .valid)
        planner = read(issuer + "[Reminders]\nRenewalDays=30\nLadder=88\n").configuration.reminderPlanner
        #expect(planner.phase(of: validity, by: kamuSM, at: now) == .valid)
        let certificate = RemindedCertificate(
            id: "a", identityKey: [1], isQualified: true, issuer: kamuSM, validity: validity)
        #expect(planner.plan(for: [certificate], at: now).due.map(\.threshold) == [88])
    }
}
