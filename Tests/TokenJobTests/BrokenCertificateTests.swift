// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFrames
import Testing
import TokenBench
import VirtualCard

/// Certificates as a damaged or hostile card would show them, through the whole job.
@Suite(.timeLimit(.minutes(1)))
struct BrokenCertificateTests {
    private let module: VendorModule
    private let file: String
    private let job: TokenProcess
    private let good: [UInt8]

    init() throws {
        module = try VendorModule("serves-file")
        file = try module.file(".objects")
        job = try TokenProcess(environment: ["EONAY_TEST_OBJECTS": file])
        let now: Int64 = 1_800_000_000
        good = try TestAuthority(now: now).issue(CertificateRequest(.nes, keyType: .p256), now: now).certificate
    }

    private func list(_ certificates: [[UInt8]]) throws -> TokenDescription {
        var content: [UInt8] = []
        for certificate in certificates {
            content += stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: certificate.count >> $0) }
            content += certificate
        }
        try Data(content).write(to: URL(fileURLWithPath: file))
        let request = ListRequest(
            module: module.path, reader: Array(VendorModule.reader.utf8), atr: [], identitySalt: [])
        return try job.ask(.list(request)).listed()
    }

    @Test func brokenOnesAreCountedAndTheGoodOneIsListed() throws {
        let noise = [UInt8](repeating: 0xA5, count: 700)
        let token = try list([noise, [], Array(good.prefix(300)), good, [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]])
        #expect(token.certificates.map(\.holder) == [Holder.sukru.name])
        #expect(token.broken == 4)
    }

    @Test func aMebibyteOfNoiseIsOneBrokenCertificate() throws {
        let token = try list([[UInt8](repeating: 0x30, count: 1 << 20), good])
        #expect(token.certificates.count == 1)
        #expect(token.broken == 1)
    }

    @Test func cutAtEachLengthItIsNoneOfTheCertificates() throws {
        for start in stride(from: 0, to: good.count, by: 60) {
            let cut = (start..<min(start + 60, good.count)).map { Array(good.prefix($0)) }
            let token = try list(cut + [good])
            #expect(token.certificates.count == 1)
            #expect(token.broken == cut.count)
        }
    }

    @Test func withEachOctetTurnedTheOthersAreListedStill() throws {
        for start in stride(from: 0, to: good.count, by: 60) {
            let turned = (start..<min(start + 60, good.count)).map { index in
                var certificate = good
                certificate[index] ^= 0xFF
                return certificate
            }
            let token = try list(turned + [good])
            #expect(token.certificates.contains { $0.holder == Holder.sukru.name && $0.qualified })
            #expect(Int(token.broken) + token.certificates.count == turned.count + 1)
        }
    }

    @Test func moreThanAFrameHoldsIsCutAndAnswered() throws {
        // One certificate differs from the next in its signature alone, so that none is taken for another.
        let many = (0..<200).map { number in
            var certificate = good
            certificate[good.count - 1] = UInt8(number)
            return certificate
        }
        #expect(try list(many).certificates.count == 64)
    }
}
