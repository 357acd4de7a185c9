// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Testing
import VirtualCard

@testable import Portal

/// Signatures over the right text that are wrong in their making, posted as anybody could post them. `SignaturesTests`
/// looks at the same ones from near by; here it is what the portal answers, keeps and logs.
@Suite(.timeLimit(.minutes(1))) struct HostileSignatureTests {
    /// The fault of a signature.
    enum Fault: String, CaseIterable {
        case twoSigners, detached, indefiniteLength, sha1, md5, noReference, noCertificate, otherCertificate
        case weakRSA, explicitCurve, pointOffCurve
        case noSignedData, certificateAlone, nestedWithoutEnd

        /// The arguments of openssl-cms(1) that make it; nil for a form that openssl does not make.
        var options: [String]? {
            switch self {
            case .twoSigners, .weakRSA, .explicitCurve: ["-cades", "-nodetach"]
            case .detached: ["-cades"]
            case .indefiniteLength: ["-cades", "-nodetach", "-stream"]
            case .sha1: ["-cades", "-nodetach", "-md", "sha1"]
            case .md5: ["-cades", "-nodetach", "-md", "md5"]
            case .noReference: ["-nodetach"]
            case .noCertificate: ["-cades", "-nodetach", "-nocerts"]
            case .otherCertificate: ["-cades", "-nodetach", "-nocerts", "-certfile", "1.pem"]
            case .pointOffCurve, .noSignedData, .certificateAlone, .nestedWithoutEnd: nil
            }
        }

        /// The arguments of openssl-genpkey(1) that make its key, where no card has such a one.
        var key: [String]? {
            switch self {
            case .weakRSA: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]
            case .explicitCurve:
                ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"]
            default: nil
            }
        }
    }

    private func make(_ fault: Fault, _ text: [UInt8], _ bench: PortalBench, _ holder: Signer) async throws -> [UInt8] {
        if let options = fault.options {
            var openssl = try OpenSSLSigner([holder.issued, try Signer(bench, holder: .isil).issued])
            if let key = fault.key {
                let subject = "/C=TR/serialNumber=\(holder.identity)/CN=Şükrü"
                try await openssl.replaceKey(key, subject: subject, by: bench.authority.issuer)
            }
            return try await openssl.sign(text, signers: fault == .twoSigners ? 2 : 1, options)
        }
        switch fault {
        case .pointOffCurve:
            // The last octet of y in the certificate that comes along.
            var signature = try holder.sign(text)
            let key = try #require(signature.firstRange(of: try holder.issued.key.publicKey()))
            signature[key.upperBound - 1] ^= 1
            return signature
        case .noSignedData: return [0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03]
        case .certificateAlone: return holder.issued.certificate
        default: return [UInt8](repeating: 0x30, count: 60_000)
        }
    }

    @Test(arguments: Fault.allCases) func eachIsABadSignatureAndNothingIsRecorded(_ fault: Fault) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        // RSA, because openssl signs with it by any digest.
        let holder = try Signer(bench, keyType: fault == .pointOffCurve ? .p256 : .rsa2048)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: holder)
            let challenge = try await portal.decide("accept", token: token)
            let text = try holder.text(of: challenge)
            let signature = try await make(fault, text, bench, holder)
            let before = bench.log.lines.count
            let answer = try await portal.post(signature: signature, under: challenge.code)
            let (status, problem) = (answer.status, answer.problem)
            #expect(status == 422 && problem == "bad-signature")
            #expect(try await portal.store.chainHead().sequence == 0)
            // The log says it once.
            let told = bench.log.lines[before...].filter { $0.contains("bad-signature") }
            #expect(told.count == 1)
            // The code is as good as before: the real signature is taken under it.
            #expect(try await portal.post(signature: try holder.sign(text), under: challenge.code).status == 200)
        }
    }

    /// All but the issuer's certificate, which travels along and is covered by nothing: it helps, or it does not.
    @Test func anyOtherOctetIsRefused() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let holder = try Signer(bench)
        try await bench.withPortal("[Limits]\nCodesPerIdentity=1000") { portal in
            let token = try await portal.signIn(with: holder)
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<60 {
                let challenge = try await portal.decide("accept", token: token)
                var signature = try holder.consent(challenge)
                let uncovered = try #require(signature.firstRange(of: holder.issuer.certificate))
                let places = Array(signature.indices.filter { !uncovered.contains($0) })
                signature[places.randomElement(using: &generator) ?? 0] ^= UInt8.random(in: 1...255)
                let answer = try await portal.post(signature: signature, under: challenge.code)
                #expect(answer.status == 422)
            }
            #expect(try await portal.store.chainHead().sequence == 0)
        }
    }
}
