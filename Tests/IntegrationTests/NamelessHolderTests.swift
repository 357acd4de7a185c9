// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import Glibc
import TestBench
import Testing
import VirtualCard

/// Certificates that do not say whose they are, or say it by a number: what is shown, told on the bus and kept.
@Suite(.timeLimit(.minutes(2)))
struct NamelessHolderTests {
    private static let number = "10000000146"

    /// A name of these attributes, by the last arc of their identifier under 2.5.4.
    private static func name(_ attributes: [(arc: UInt8, text: String)]) -> [UInt8] {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
        return element(
            0x30,
            attributes.flatMap { attribute in
                element(
                    0x31,
                    element(
                        0x30, [0x06, 3, 0x55, 0x04, attribute.arc] + element(0x0C, Array(attribute.text.utf8))))
            })
    }

    private func card(on desktop: Desktop, _ attributes: [(arc: UInt8, text: String)]) throws -> CardDescription {
        var request = CertificateRequest()
        request.subject = Self.name(attributes)
        return try desktop.card(.akis, [request])
    }

    @Test(
        arguments: [
            ([(6, "TR"), (5, number)], "C=TR, serialNumber=100********"), ([(3, number)], "100********"),
            ([(3, "Şükrü \(number)"), (5, number)], "Şükrü 100********"),
            ([(10, "Kurum 1000 0000 146")], "Kurum 100* **** ***"),
            ([], ""),
        ] as [([(UInt8, String)], String)])
    func aNumberIsShownTheScreenTheBusAndTheDiskMasked(_ subject: [(UInt8, String)], _ holder: String) async throws {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert(card(on: desktop, subject.map { (arc: $0.0, text: $0.1) }))
        try await screen.shows("Card in: \(holder.isEmpty ? "holder without a name" : holder)")
        try await bench.token()
        let certificate = try #require(try await bench.bus.objects("Certificate").first?.value)
        #expect(certificate["Holder"]?.string == holder)
        #expect(!"\(try await bench.bus.objects("Certificate"))".contains(Self.number))
        try await card.remove()
        bench.service.send(signal: SIGTERM)
        _ = await bench.service.end()
        let path = "\(try #require(desktop.environment["XDG_STATE_HOME"]))/eonay/eonay.db"
        #expect(try await Database(path).rows("SELECT holder FROM certificate") == (holder.isEmpty ? [] : [holder]))
        let stored = try Data(contentsOf: URL(filePath: path))
        #expect(stored.firstRange(of: Data(Self.number.utf8)) == nil)
    }

    /// An earlier version wrote the whole subject down.
    @Test func whatWasWrittenDownWholeIsMaskedAtTheNextStart() async throws {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let first = try await ServiceBench(on: desktop)
        let card = try await first.insert()
        try await first.token()
        try await card.remove()
        first.service.send(signal: SIGTERM)
        _ = await first.service.end()
        let path = "\(try #require(desktop.environment["XDG_STATE_HOME"]))/eonay/eonay.db"
        let database = try Database(path)
        try await database.change("UPDATE certificate SET holder = 'C=TR, serialNumber=\(Self.number)'")
        let second = try await ServiceBench(on: desktop)
        let certificate = try #require(try await second.bus.objects("Certificate").first?.value)
        #expect(certificate["Holder"]?.string == "C=TR, serialNumber=100********")
        second.service.send(signal: SIGTERM)
        _ = await second.service.end()
        #expect(try await database.rows("SELECT holder FROM certificate") == ["C=TR, serialNumber=100********"])
    }
}
