// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignedTextTests {
    private static let acceptance =
        "Kamu SM sistemleri üzerinden güvenilir bir şekilde elektronik onayımın alınması kaydıyla bundan sonra "
        + "yapacağım NES başvurularımın, imzalı başvuru formu göndermeme gerek kalmaksızın işleme alınmasını KABUL "
        + "EDİYORUM."
    private static let refusal = acceptance.replacing("EDİYORUM.", with: "ETMİYORUM.")

    @Test func theLoginTextIsTheOneWrittenByHand() throws {
        let text = SignedText.login(
            portal: try Origin("https://portal.example.org"), identity: try NationalIdentity(typed: "10000000146"),
            code: try VerificationCode("638856212993845"))
        #expect(try text.bytes == fixture("login.txt"))
    }

    @Test func theAcceptanceIsTheOneWrittenByHand() throws {
        let text = SignedText.consent(
            portal: try Origin("https://portal.example.org/"), identity: try NationalIdentity(typed: "10000000146"),
            code: try VerificationCode("11223-34455-66778"),
            declaration: try Declaration(decision: .accept, version: "2026-01", statement: Self.acceptance))
        #expect(try text.bytes == fixture("consent-accept.txt"))
    }

    @Test func theRefusalIsTheOneWrittenByHand() throws {
        let text = SignedText.consent(
            portal: try Origin("http://127.0.0.1:8080"), identity: try NationalIdentity(typed: "19090909018"),
            code: try VerificationCode("000000000000001"),
            declaration: try Declaration(decision: .decline, version: "2026-01", statement: Self.refusal))
        #expect(try text.bytes == fixture("consent-decline.txt"))
    }

    @Test func aStatementOfSeveralLinesStandsAsItIs() throws {
        let text = SignedText.consent(
            portal: try Origin("http://[::1]:8080"), identity: try NationalIdentity(typed: "10000000146"),
            code: try VerificationCode("112233445566778"),
            declaration: try Declaration(
                decision: .accept, version: "İkinci sürüm",
                statement: "Birinci satır.\n\nÜçüncü satır: ığdır İSTANBUL şöğüç."))
        #expect(try text.bytes == fixture("consent-lines.txt"))
    }

    @Test func turkishLettersAreSpelledOutOctetByOctet() throws {
        let text = SignedText.login(
            portal: try Origin("https://p.example"), identity: try NationalIdentity(typed: "10000000146"),
            code: try VerificationCode("638856212993845"))
        var octets = Array("E-ONAY/1\nPortal: https://p.example\nAma".utf8)
        octets += [0xC3, 0xA7] + Array(": giri".utf8) + [0xC5, 0x9F, 0x0A]
        octets += Array("T.C. Kimlik No: 10000000146\nDo".utf8) + [0xC4, 0x9F]
        octets += Array("rulama kodu: 638856212993845\n".utf8)
        #expect(text.bytes == octets)
    }

    private func fixture(_ name: String, from file: String = #filePath) throws -> [UInt8] {
        let folder = file.split(separator: "/").dropLast(2).joined(separator: "/")
        let stream = try #require(fopen("/\(folder)/Fixtures/signed-text/\(name)", "r"))
        defer { fclose(stream) }
        var octets = [UInt8](repeating: 0, count: 4096)
        return Array(octets[..<fread(&octets, 1, octets.count, stream)])
    }
}
