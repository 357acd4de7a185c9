// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Logging
import PortalContract
import Signatures

/// Asks the responders and lists that certificates name: OCSP first (RFC 6960), then the list (RFC 5280).
///
/// Only certificates whose chain was found good get here, so the addresses are an authority's, not a stranger's.
struct RevocationChecker: RevocationChecking {
    let policy: RevocationPolicy
    let transport: RevocationTransport
    let lists = RevocationListCache()
    let metrics: PortalMetrics
    let logger: Logger

    func check(_ chain: [CertificateFacts], at time: Int64) async throws -> RevocationFinding {
        var evidence: [RevocationEvidence] = []
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            if let piece = try await ask(about: certificate, issuer, at: time) {
                evidence.append(piece)
            } else if policy == .require {
                throw PortalProblem(.revocationUnknown)
            }
        }
        return RevocationFinding(evidence: evidence, policy: policy)
    }

    /// What proves that the certificate is good; nil where nobody could say. Throws certificate-revoked.
    private func ask(about certificate: CertificateFacts, _ issuer: CertificateFacts, at time: Int64) async throws
        -> RevocationEvidence?
    {
        for address in certificate.ocsp {
            if let piece = try await askResponder(address, certificate, issuer, at: time) { return piece }
        }
        for address in certificate.crl {
            if let piece = try await lookInList(address, certificate, issuer, at: time) { return piece }
        }
        metrics.revocation(source: "none", result: "unknown")
        return nil
    }

    private func askResponder(
        _ address: String, _ certificate: CertificateFacts, _ issuer: CertificateFacts, at time: Int64
    ) async throws -> RevocationEvidence? {
        do {
            let request = try OCSPRequest(certificate: certificate, issuer: issuer)
            let answer = try await transport.post(request.der, to: address)
            let judgement = try request.judge(response: answer, at: time)
            return try isGood(judgement) ? .ocsp(answer) : nil
        } catch let problem as PortalProblem {
            throw problem
        } catch {
            tell("OCSP gave no answer, continuing", error)
            return nil
        }
    }

    private func lookInList(
        _ address: String, _ certificate: CertificateFacts, _ issuer: CertificateFacts, at time: Int64
    ) async throws -> RevocationEvidence? {
        do {
            let list = try await lists.list(address, issuer: issuer, at: time) { [transport] in
                try RevocationList(try await transport.get(address), issuer: issuer, takesParts: true)
            }
            return try isGood(try list.judgement(of: certificate, at: time)) ? .crl(list.der) : nil
        } catch let problem as PortalProblem {
            throw problem
        } catch {
            tell("no revocation list, continuing", error)
            return nil
        }
    }

    /// Throws certificate-revoked; a certificate that a source does not know is not good by its word.
    private func isGood(_ judgement: RevocationJudgement) throws -> Bool {
        switch judgement.status {
        case .good:
            metrics.revocation(source: judgement.source.rawValue, result: "good")
            return true
        case .revoked:
            metrics.revocation(source: judgement.source.rawValue, result: "revoked")
            throw judgement.status.isHold ? PortalProblem.certificateSuspended : PortalProblem(.certificateRevoked)
        case .unknown: return false
        }
    }

    private func tell(_ what: Logger.Message, _ error: any Error) {
        let reason = (error as? RevocationError).map { "\($0.code.rawValue) \($0.detail)" } ?? "\(type(of: error))"
        logger.warning(what, metadata: ["reason": "\(reason)"])
    }
}
