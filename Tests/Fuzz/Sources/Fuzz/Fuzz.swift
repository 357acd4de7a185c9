// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Signatures

/// The readers of foreign bytes, each as a function for libFuzzer: none may crash, hang or read where it should not.
enum Target: String, CaseIterable {
    case certificate
    case signature
    case revocation

    /// Set once, before libFuzzer runs.
    nonisolated(unsafe) static var chosen = Target.certificate

    /// An instant in the validity of most certificates that a corpus begins with.
    private static let time: Int64 = 1_560_000_000
    private static let verifier = CAdESVerifier(trust: TrustStore(certificates: []))

    func run(_ bytes: [UInt8]) {
        switch self {
        case .certificate:
            for facts in (try? CertificateFacts.readAll(bytes)) ?? [] {
                _ = (facts.qualification, facts.holder, facts.maskedIdentity, facts.subject.text, facts.policyNotice)
                let trust = TrustStore(certificates: [facts.der])
                _ = try? trust.chain(for: facts, intermediates: [facts.der], at: facts.notBefore)
            }
        case .signature:
            _ = Self.verifier.verify(bytes, content: [], at: Self.time)
            if let opened = try? PortalSignature.open(bytes) {
                _ = try? opened.judgeCertificate(trust: TrustStore(certificates: []), at: Self.time)
            }
        case .revocation:
            if let response = try? OCSPResponse(bytes) { _ = (response.nonce, response.producedAt) }
            guard let issuer = Self.issuer else { return }
            _ = RevocationJudgement.best(
                of: [.ocsp(bytes), .crl(bytes)], on: issuer, issuer: issuer, at: Self.time)
        }
    }

    private static let issuer = try? CertificateFacts.read(der: issuerBytes)

    /// The certificate given by `--issuer FILE`, which answers are judged for.
    nonisolated(unsafe) static var issuerBytes: [UInt8] = []
}
