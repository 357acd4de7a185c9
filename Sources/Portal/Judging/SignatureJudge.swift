// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Signatures

/// A signature that was found good.
struct SignatureJudgement: Sendable {
    let certificate: CertificateFacts
    /// From the signer's certificate to the anchor.
    let chain: [CertificateFacts]
    /// As the signer claims it; recorded, not judged.
    let signingTime: Int64
    let revocation: RevocationFinding
}

/// Judges a signature in the order of the contract; the first failure is thrown as its problem.
struct SignatureJudge: Sendable {
    /// Read again whenever a file in it changed.
    let anchors: TrustDirectory
    let revocation: any RevocationChecking

    /// - Parameters:
    ///   - identity: whose session it is.
    ///   - text: the octets that the portal composed.
    ///   - time: when the signature was received, UTC seconds.
    func judge(_ der: [UInt8], identity: NationalIdentity, text: [UInt8], at time: Int64) async throws
        -> SignatureJudgement
    {
        let signature: PortalSignature
        do {
            signature = try PortalSignature.open(der)
        } catch {
            throw PortalProblem(.badSignature)
        }
        guard signature.certificate.identity == identity.digits else { throw PortalProblem(.identityMismatch) }
        guard signature.content == text else { throw PortalProblem(.textMismatch) }
        let trust = try anchors.current()
        let chain: [CertificateFacts]
        do {
            chain = try signature.judgeCertificate(trust: trust, at: time)
        } catch {
            throw PortalProblem(ProblemName(ofCertificate: error))
        }
        return SignatureJudgement(
            certificate: signature.certificate, chain: chain, signingTime: signature.signingTime,
            revocation: try await revocation.check(chain, at: time))
    }
}

extension ProblemName {
    /// The contract's name for what is wrong with a signer's certificate; every other reason is about its chain.
    fileprivate init(ofCertificate reason: SignatureReason) {
        self =
            switch reason.fault {
            case .notYetValid: .certificateNotYetValid
            case .expired: .certificateExpired
            case .notQualified: .notQualified
            default: .untrustedIssuer
            }
    }
}

/// Finds out whether a certificate was revoked.
protocol RevocationChecking: Sendable {
    /// Throws certificate-revoked, or revocation-unknown where that must be known.
    ///
    /// - Parameter chain: from the certificate to the anchor.
    func check(_ chain: [CertificateFacts], at time: Int64) async throws -> RevocationFinding
}
