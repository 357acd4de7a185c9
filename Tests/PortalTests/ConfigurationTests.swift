// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Portal

@Suite(.timeLimit(.minutes(1))) struct ConfigurationTests {
    private func read(_ text: String, _ environment: [String: String] = [:]) throws -> PortalConfiguration {
        try PortalConfiguration(bytes: Array(text.utf8), path: "portal.conf", environment: environment)
    }

    private func faults(_ text: String, _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try read(text, environment)
            return []
        } catch let error as PortalConfigurationErrors {
            return error.lines
        } catch {
            return ["another error"]
        }
    }

    @Test func withoutAFileEverythingHasADefault() throws {
        let configuration = try read("")
        #expect(configuration.host == "127.0.0.1" && configuration.port == 8480)
        #expect(configuration.codeLifetime == 300)
        #expect(configuration.revocationPolicy == .require)
        #expect(configuration.keyFile == "/var/lib/eonay-portal/portal.key")
    }

    @Test func theEnvironmentOverridesTheFile() throws {
        let configuration = try read(
            "[Codes]\nLifetime=100\n", ["EONAY_PORTAL_CODES_LIFETIME": "200", "EONAY_PORTAL_SERVER_LISTEN": "[::1]:0"])
        #expect(configuration.codeLifetime == 200)
        #expect(configuration.host == "::1" && configuration.port == 0)
    }

    @Test func everyFaultIsToldAtOnceWithItsPlaceAndWithoutItsValue() {
        let lines = faults(
            "[Server]\nListen=nowhere\nColour=red\n[Codes]\nLifetime=0\n", ["EONAY_PORTAL_TRUST_NOBODY": "x"])
        #expect(
            lines == [
                "portal.conf:2: Listen cannot be this", "portal.conf:3: there is no Colour in [Server]",
                "portal.conf:5: Lifetime cannot be this", "EONAY_PORTAL_TRUST_NOBODY: there is no such setting",
            ])
    }

    @Test func whatConnectionsCanHaveIsSetWithinItsRange() throws {
        let usual = try read("")
        #expect(usual.drainTimeout == 20 && usual.connectionsPerAddress == 500 && usual.eventStreamsPerAddress == 250)
        #expect(!usual.includesSubDomains)
        let set = try read(
            "[Server]\nDrainTimeout=600\n[Limits]\nConnectionsPerAddress=0\nEventStreamsPerAddress=0\n",
            ["EONAY_PORTAL_TLS_INCLUDESUBDOMAINS": "true", "EONAY_PORTAL_LIMITS_CONNECTIONSPERADDRESS": "1000000"])
        #expect(set.drainTimeout == 600 && set.connectionsPerAddress == 1_000_000 && set.eventStreamsPerAddress == 0)
        #expect(set.includesSubDomains)
        for line in [
            "[Server]\nDrainTimeout=0", "[Server]\nDrainTimeout=601", "[Limits]\nConnectionsPerAddress=-1",
            "[Limits]\nEventStreamsPerAddress=1000001", "[TLS]\nIncludeSubDomains=yes", "[Proxy]\nAddresses=10.0.0.0/8",
            "[Proxy]\nAddresses=10.0.0.1 proxy.example",
        ] {
            let fault = faults(line).first ?? ""
            #expect(fault.hasPrefix("portal.conf:2: ") && fault.hasSuffix(" cannot be this"), "\(line)")
        }
    }

    @Test func plainHTTPIsForLoopbackAlone() {
        #expect(!faults("[Server]\nListen=0.0.0.0:80\nOrigin=http://127.0.0.1\n").isEmpty)
        #expect(
            faults("[Server]\nListen=0.0.0.0:80\nOrigin=https://portal.example.org\n[Proxy]\nAddresses=10.0.0.1\n")
                .isEmpty)
        #expect(
            faults("[Server]\nListen=0.0.0.0:443\nOrigin=https://a.example\n[TLS]\nCertificate=c\nKey=k\n").isEmpty)
        #expect(!faults("[Server]\nOrigin=https://a.example\n").isEmpty)
        #expect(!faults("[TLS]\nCertificate=c\n").isEmpty)
    }

    /// One table has the keys: the example and the manual page have these, with these defaults and sentences, and no others.
    @Test func theExampleAndTheManualPageHaveTheKeysOfTheTable() throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        func text(_ path: String) throws -> String {
            try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
        }
        let keys = PortalConfiguration.keys
        let example = try text("packaging/portal.conf").split(separator: "\n").filter {
            $0.hasPrefix("#") && $0.dropFirst().first != " " && $0 != "#"
        }
        #expect(example.map(String.init) == keys.map { "#\($0.name)=\($0.usualText)" })
        for path in ["docs/man/eonay-portal.conf.5", "docs/man/tr/eonay-portal.conf.5"] {
            let manual = try text(path)
            let page = manual.split(separator: "\n")
            #expect(
                page.filter { $0.hasPrefix("EONAY_PORTAL_") }.map(String.init)
                    == keys.map(PortalConfiguration.variable))
            let shown = page.filter { $0.hasPrefix(".B ") && $0.contains("=") }.map { $0.dropFirst(3) }
            #expect(shown.count == keys.count)
            for (key, line) in zip(keys, shown) {
                #expect(line == "\(key.name)=\(key.usualText)" || line == "\(key.name)=", "\(key.name)")
                let section = manual.components(separatedBy: ".SH [\(key.group)]\n").dropFirst().first?
                    .components(separatedBy: ".SH ").first
                let entry = section?.components(separatedBy: ".TP\n.B \(key.name)=").dropFirst().first
                let paragraph = entry?.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
                    .joined(separator: " ")
                let isEnglish = paragraph?.hasPrefix(key.sentence) == true
                #expect(isEnglish != path.contains("/tr/"), "\(path): \(key.name)")
                if case .number(let range) = key.rule {
                    #expect(key.sentence.contains("\(range.lowerBound) to \(range.upperBound)"), "\(key.name)")
                    let bounds = ["\(range.lowerBound)", "\(range.upperBound)"]
                    #expect(bounds.allSatisfy { paragraph?.contains($0) == true }, "\(path): \(key.name)")
                }
            }
        }
    }

    /// The default that the table shows is one that can be set.
    @Test func aDefaultThatIsWrittenDownChangesNothing() throws {
        for key in PortalConfiguration.keys where key.usual != .none && key.group != "Statement" {
            let set = try read("[\(key.group)]\n\(key.name)=\(key.usualText)\n")
            let usual = try read("")
            let isUsual = String(describing: set) == String(describing: usual)
            #expect(isUsual || key.name == "KeyFile" && set.keyFile == usual.keyFile, "\(key.name)")
        }
    }

    @Test func aStatementKeepsTheRulesOfTheContract() {
        func statement(_ accept: String) -> [String] {
            faults("[Statement]\nVersion=1\nAccept=\(accept)\nDecline=Hayır\n")
        }
        #expect(statement("Evet") == [])
        #expect(statement(String(repeating: "a", count: 513)) == ["[Statement] statement: tooLong"])
        #expect(statement("s\u{327}u\u{308}") == ["[Statement] statement: notNormalised"])
        #expect(statement("a\u{202E}b") == ["[Statement] statement: character"])
        #expect(faults("[Statement]\nVersion=1\n") == ["[Statement] wants Version, Accept and Decline together"])
    }
}
