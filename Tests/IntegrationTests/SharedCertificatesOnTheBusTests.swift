// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// Point 4: the nine public certificates, on a card, as the bus tells them.
@Suite(.timeLimit(.minutes(1)))
struct SharedCertificatesOnTheBusTests {
    /// The expected judgement of a file; hindrances without those of the date.
    private struct Facts {
        var id: String
        var holder: String
        var identity = "111********"
        var issuer: String
        var notAfter: Int64 = 1_871_104_324
        var keyType = "rsa-2048"
        var isQualified = false
    }

    private static let root = "Kamu SM Kök Sertifika Hizmet Sağlayıcısı - Sürüm 6"
    private static let centre = "Kamu Elektronik Sertifika Hizmet Sağlayıcısı"
    private static let files: [String: Facts] = [
        "01-kamusm-kok-v6": Facts(
            id: "aa466d3b", holder: root, identity: "", issuer: root, notAfter: 1_880_727_908, keyType: "ec-p384"),
        "02-kamusm-nes-v6": Facts(
            id: "062782a7", holder: "\(centre) - Sürüm 6", identity: "", issuer: root, notAfter: 1_880_727_908,
            keyType: "ec-p384"),
        "08-test-nes-uc-kullanici-2019": Facts(
            id: "1d2c869a", holder: "Test Üç Kullanıcı", identity: "123********", issuer: "\(centre) - TEST",
            notAfter: 1_642_763_894),
        "09-qca1_1-valid": Facts(id: "e79bf6e4", holder: "QC A1 1", issuer: "SubRoot A1", isQualified: true),
        "10-qca1_3-nonrepudiation-absent": Facts(id: "8c3b71db", holder: "QC A1 3", issuer: "SubRoot A1"),
        "12-qca1_5-etsi-qc-absent": Facts(id: "5f160306", holder: "QC A1 5", issuer: "SubRoot A1"),
        "14-qca1_8-expired": Facts(
            id: "23de5225", holder: "QC A1 8", issuer: "SubRoot A1", notAfter: 1_559_206_381, isQualified: true),
        "18-subroot-a1": Facts(id: "a8fda8de", holder: "SubRoot A1", identity: "", issuer: "Root A"),
        "19-root-a": Facts(id: "79bdd8b2", holder: "Root A", identity: "", issuer: "Root A"),
    ]

    @Test func theNineFilesAreToldRightFromOneCard() async throws {
        let bench = try await ServiceBench()
        let contents = try Self.files.keys.sorted().map {
            CardContent(certificate: try Self.read($0), label: String($0.prefix(2)))
        }
        let card = try await bench.insert(CardDescription(.akis, contents: contents))
        #expect(try await bench.token().facts["Certificates"]?.elements?.count == 9)
        let objects = try await bench.bus.objects("Certificate")
        #expect(objects.count == 9)
        for (name, expected) in Self.files {
            let facts = try #require(
                objects.values.first { $0["Id"]?.string?.hasPrefix(expected.id) == true }, "\(name)")
            #expect(facts["Holder"]?.string == expected.holder, "\(name)")
            #expect(facts["MaskedIdentity"]?.string == expected.identity, "\(name)")
            #expect(facts["Issuer"]?.string == expected.issuer, "\(name)")
            #expect(facts["NotAfter"]?.int64 == expected.notAfter, "\(name)")
            #expect(facts["KeyType"]?.string == expected.keyType, "\(name)")
            #expect(facts["Qualified"]?.bool == expected.isQualified, "\(name)")
            let hasExpired = expected.notAfter < Desktop.now()
            let hindrances =
                (expected.isQualified ? [] : ["NotQualified"]) + (hasExpired ? ["CertificateExpired"] : [])
            #expect(facts["Hindrances"]?.elements?.map(\.string) == hindrances, "\(name)")
            if hasExpired { #expect(facts["Phase"]?.string == "expired", "\(name)") }
        }
        // The soonest end first.
        let rows = try await bench.bus.call("Expiry").first?.elements?.compactMap { $0.members?[2].int64 }
        #expect(rows == Self.files.values.map(\.notAfter).sorted())
        try await card.remove()
    }

    /// The files stand beside the checkout, or where EONAY_SHARED_CERTS says.
    private static func read(_ name: String) throws -> [UInt8] {
        let named = ProcessInfo.processInfo.environment["EONAY_SHARED_CERTS"].map { URL(filePath: $0) }
        var folder = InterfaceText.contract.deletingLastPathComponent().deletingLastPathComponent()
        let beside = (0..<3).map { _ in
            folder.deleteLastPathComponent()
            return folder.appending(path: "shared/certs")
        }
        for candidate in [named].compactMap(\.self) + beside {
            if let data = try? Data(contentsOf: candidate.appending(path: "\(name).der")) { return Array(data) }
        }
        throw Missing(file: "\(name).der")
    }

    private struct Missing: Error, CustomStringConvertible {
        let file: String
        var description: String {
            "\(file) was not found in ../shared/certs beside this package, nor in the folder that EONAY_SHARED_CERTS names"
        }
    }
}
