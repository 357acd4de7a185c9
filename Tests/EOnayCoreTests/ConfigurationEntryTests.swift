// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct ConfigurationEntryTests {
    private func entries(_ files: String...) -> [ConfigurationEntry] {
        DesktopConfiguration.entries(files.enumerated().map { ("file\($0)", Array($1.utf8)) }).entries
    }

    private func entry(_ name: String, _ group: String, in entries: [ConfigurationEntry]) throws -> ConfigurationEntry {
        let found = entries.filter { $0.name == name && $0.group == group }
        try #require(found.count == 1)
        return found[0]
    }

    @Test func withoutFilesEveryKeyOfTheTableHasItsDefault() {
        let entries = entries()
        let ofTable = entries.filter { $0.group != "Renewal" }
        #expect(ofTable.map(\.name) == DesktopConfiguration.keys.map(\.name))
        #expect(ofTable.map(\.group) == DesktopConfiguration.keys.map(\.group))
        #expect(ofTable.map(\.sentence) == DesktopConfiguration.keys.map(\.sentence))
        #expect(entries.allSatisfy { $0.place == nil && $0.value == $0.usual })
        #expect(entries.count(where: { $0.group == "Renewal" }) == RenewalPage.known.count)
    }

    @Test func aValueComesFromTheStrongestLineThatIsRight() throws {
        let entries = entries(
            "[Reminders]\nRenewalDays=soon\nLadder=5\n", "[Reminders]\nRenewalDays=10\nRenewalDays=20\nLadder=9\n")
        let days = try entry("RenewalDays", "Reminders", in: entries)
        #expect(days.value == .value("20") && days.usual == .value("30"))
        #expect(days.place == .init(file: "file1", line: 3))
        #expect(try entry("Ladder", "Reminders", in: entries).place == .init(file: "file0", line: 3))
        #expect(try entry("Enabled", "Reminders", in: entries).place == nil)
    }

    @Test func eachIssuerHasItsOwn() throws {
        let entries = entries(
            "[Issuer \"A\"]\nPhone=12345\n[Issuer \"B\"]\nPhone=soon\n", "[Issuer \"A\"]\nPhone=99999\nNote=x\n")
        #expect(entries.filter { $0.name == "Phone" }.map(\.group) == ["Issuer \"A\"", "Issuer \"B\""])
        let phone = try entry("Phone", "Issuer \"A\"", in: entries)
        #expect(phone.value == .value("12345") && phone.place == .init(file: "file0", line: 2))
        #expect(try entry("Phone", "Issuer \"B\"", in: entries).value == .builtIn)
        #expect(try entry("Note", "Issuer \"A\"", in: entries).place == .init(file: "file1", line: 3))
    }

    @Test func eachPortalAndEachPageHasItsOwn() throws {
        let entries = entries(
            "[Portal \"b\"]\nOrigin=https://b.example\n[Portal \"twin\"]\nOrigin=https://b.example\n"
                + "[Renewal]\nKamu SM=https://own.example\nNeu=https://neu.example\n",
            "[Portal \"b\"]\nCAFile=/b.pem\n[Portal \"a\"]\nOrigin=https://a.example\n")
        #expect(entries.filter { $0.name == "Origin" }.map(\.group) == ["Portal \"b\"", "Portal \"a\""])
        #expect(try entry("CAFile", "Portal \"b\"", in: entries).place == .init(file: "file1", line: 2))
        #expect(try entry("CAFile", "Portal \"a\"", in: entries).value == .ofTheSystem)
        let page = try entry("Kamu SM", "Renewal", in: entries)
        #expect(page.value == .value("https://own.example") && page.place?.line == 6)
        #expect(page.usual == .value("https://onlineislemler.kamusm.gov.tr/"))
        #expect(try entry("Neu", "Renewal", in: entries).usual == .none)
    }
}
