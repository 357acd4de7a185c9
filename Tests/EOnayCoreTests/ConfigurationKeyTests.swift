// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConfigurationKeyTests {
    @Test(arguments: ["docs/man/eonay.conf.5", "docs/man/tr/eonay.conf.5"])
    func theManualPageHasEveryKeyOfTheTableAndNoOther(path: String) throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../" + path)
        let manual = try String(contentsOf: page, encoding: .utf8)
        for key in DesktopConfiguration.keys {
            let head = ".SH [\(key.group.replacing("\"", with: "\\(dq"))]\n"
            let section = manual.components(separatedBy: head).dropFirst().first?.components(separatedBy: ".SH ").first
            let entry = section?.components(separatedBy: ".TP\n.B \(key.name)=\(key.usualText)\n").dropFirst().first
            #expect(entry?.isEmpty == false, "\(path): \(key.group) \(key.name)")
            if !path.contains("/tr/") {
                #expect(entry?.replacing("\n", with: " ").hasPrefix(key.sentence + " ") == true, "\(key.name)")
            }
        }
        let written = manual.split(separator: "\n").filter { $0.hasPrefix(".B ") && $0.contains("=") }
        #expect(written.count == DesktopConfiguration.keys.count)
    }

    /// The default that the table shows is the one that holds.
    @Test func aDefaultThatIsWrittenDownChangesNothing() {
        for key in DesktopConfiguration.keys {
            guard case .value(let value) = key.usual else { continue }
            let file = "[\(key.group)]\n\(key.name)=\(value)\n"
            let (configuration, issues) = DesktopConfiguration.read([("file", Array(file.utf8))])
            var usual = DesktopConfiguration()
            // Written down, these two count for every issuer, also for one that has its own.
            (usual.ownLadder, usual.ownRenewalWindow) = (configuration.ownLadder, configuration.ownRenewalWindow)
            #expect(configuration == usual && issues.isEmpty, "\(key.name)")
            #expect(configuration.ladder == .usual && configuration.renewalWindow == .usual)
        }
    }

    @Test(arguments: ["Mars/Olympus", "/usr/share/zoneinfo/UTC", "Europe/../Europe/Istanbul", "tzdata.zi", "Europe"])
    func aZoneThatTheSystemDoesNotHaveIsAMistake(_ zone: String) {
        let (configuration, issues) = DesktopConfiguration.read([("file", Array("[General]\nTimeZone=\(zone)\n".utf8))])
        #expect(configuration.timeZone == "Europe/Istanbul")
        #expect(
            issues.map(\.description) == [
                "file:2: TimeZone in [General]: not a time zone's name, using Europe/Istanbul"
            ])
    }
}
