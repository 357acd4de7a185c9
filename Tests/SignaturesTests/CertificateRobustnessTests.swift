// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Signatures

/// Octets that a broken card may hand out. Nothing may crash or take long; the results do not matter.
@Suite(.timeLimit(.minutes(1)))
struct CertificateRobustnessTests {
    private static let names = ["02-kamusm-nes-v6", "08-test-nes-uc-kullanici-2019", "09-qca1_1-valid"]

    /// Reads and asks for everything that is computed; true where it was a certificate.
    @discardableResult
    private func survives(_ bytes: [UInt8]) -> Bool {
        guard let facts = try? CertificateFacts.read(der: bytes) else { return false }
        _ = (facts.qualification, facts.holder, facts.maskedIdentity, facts.policyNotice, facts.subject.text)
        return true
    }

    @Test(arguments: names) func eachByteFlippedIsSurvived(_ name: String) throws {
        var der = try SharedCertificates.read(name)
        for index in der.indices {
            for flip: UInt8 in [0xFF, 0x01, 0x80, 0x20] {
                der[index] ^= flip
                survives(der)
                der[index] ^= flip
            }
        }
        #expect(survives(der))
    }

    @Test(arguments: names) func eachTruncationIsRefused(_ name: String) throws {
        let der = try SharedCertificates.read(name)
        for length in der.indices { #expect(!survives(Array(der.prefix(length)))) }
    }

    @Test func aMebibyteOfNoiseIsRefused() {
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<131_072).flatMap { _ in withUnsafeBytes(of: generator.next(), Array.init) }
        #expect(noise.count == 1_048_576 && !survives(noise))
        // Below the limit of length it is looked into, also behind a credible beginning.
        for count in stride(from: 0, to: 65_536, by: 511) {
            survives(Array(noise.prefix(count)))
            survives([0x30, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + noise.prefix(count))
        }
    }

    @Test func nestingWithoutEndIsSurvived() throws {
        // 16,000 sequences one in the other, where a reader that recurses would run out of stack.
        var headers: [[UInt8]] = []
        var length = 2
        for _ in 0..<16_000 {
            headers.append([0x30, 0x83, UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255)])
            length += 5
        }
        let content = headers.reversed().flatMap { $0 } + DERWriter.null
        #expect(throws: DERError.self) { _ = try BER.definite(content[...]) }
        let statement = DERWriter.sequence(DERWriter.objectIdentifier(.nesStatement), content)
        let statements = try ExtensionTexts.statements(DERWriter.sequence(statement)[...])
        #expect(statements.map(\.identifier) == ["2.16.792.1.61.0.1.5070.1.1"])
    }
}
