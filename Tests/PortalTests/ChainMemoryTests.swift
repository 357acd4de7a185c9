// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Signatures
import SystemBasics
import Testing
import VirtualCard

@testable import Portal

/// A chain that was good is good again: for these certificates, these anchors and these seconds alone.
@Suite(.timeLimit(.minutes(1))) struct ChainMemoryTests {
    private let memory = ChainMemory()

    private func signature(by signer: Signer) throws -> PortalSignature {
        try PortalSignature.open(try signer.sign(Array("text".utf8)))
    }

    @Test func aKnownChainIsTheSameInEverySecondOfItsValidity() throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signature = try signature(by: Signer(bench))
        let trust = try TrustDirectory(bench.directory + "/anchors").current()
        let chain = try signature.judgeCertificate(trust: trust, at: PortalBench.start)
        let begin = try #require(chain.map(\.notBefore).max())
        let end = try #require(chain.map(\.notAfter).min())
        for time in [PortalBench.start, PortalBench.start, begin, end] {
            #expect(try memory.chain(of: signature, trust: trust, at: time) == chain)
        }
        for time in [begin - 1, end + 1] {
            let known = #expect(throws: SignatureReason.self) {
                try memory.chain(of: signature, trust: trust, at: time)
            }
            let judged = #expect(throws: SignatureReason.self) {
                try signature.judgeCertificate(trust: trust, at: time)
            }
            #expect(known == judged)
        }
    }

    @Test func otherAnchorsAreAskedAnew() throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signature = try signature(by: Signer(bench))
        let trust = try TrustDirectory(bench.directory + "/anchors").current()
        _ = try memory.chain(of: signature, trust: trust, at: PortalBench.start)
        #expect(throws: SignatureReason(.untrustedIssuer)) {
            try memory.chain(of: signature, trust: TrustStore(certificates: []), at: PortalBench.start)
        }
    }

    @Test func anotherCertificateOfTheHolderIsJudged() throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let trust = try TrustDirectory(bench.directory + "/anchors").current()
        _ = try memory.chain(of: try signature(by: Signer(bench)), trust: trust, at: PortalBench.start)
        let seal = try signature(by: Signer(bench, .institutionalSeal))
        let reason = #expect(throws: SignatureReason.self) {
            try memory.chain(of: seal, trust: trust, at: PortalBench.start)
        }
        #expect(reason?.fault == .notQualified)
    }

    @Test func itHasALimit() throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let trust = try TrustDirectory(bench.directory + "/anchors").current()
        let signer = try Signer(bench)
        let signature = try signature(by: signer)
        _ = try memory.chain(of: signature, trust: trust, at: PortalBench.start)
        for _ in 0..<ChainMemory.most {
            let other = try self.signature(by: Signer(bench, key: signer.issued.key))
            _ = try memory.chain(of: other, trust: trust, at: PortalBench.start)
        }
        #expect(memory.count == ChainMemory.most)
        #expect(try memory.chain(of: signature, trust: trust, at: PortalBench.start).count > 1)
    }
}
