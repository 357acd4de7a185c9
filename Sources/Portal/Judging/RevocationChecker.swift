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
        var (answers, lists): ([[UInt8]], [KnownList]) = ([], [])
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            switch try await ask(about: certificate, issuer, at: time) {
            case .answer(let der)?: answers.append(der)
            case .list(let list)?: lists.append(list)
            case nil: if policy == .require { throw PortalProblem(.revocationUnknown) }
            }
        }
        return RevocationFinding(answers: answers, lists: lists, policy: policy)
    }

    /// What proves that a certificate is good.
    private enum Proof {
        case answer([UInt8])
        case list(KnownList)
    }

    /// What a source said of a certificate, or that it said nothing that counts.
    private enum Word {
        case good(Proof)
        /// A responder does not know the certificate.
        case unknown
        case none
    }

    /// What proves that the certificate is good; nil where nobody could say. Throws certificate-revoked.
    ///
    /// A responder that does not know the certificate may mean a forged one (RFC 6960, 2.2): a list that does not name it
    /// makes it no better. One that names it still counts.
    private func ask(about certificate: CertificateFacts, _ issuer: CertificateFacts, at time: Int64) async throws
        -> Proof?
    {
        var isUnknown = false
        for address in certificate.ocsp {
            switch try await askResponder(address, certificate, issuer, at: time) {
            case .good(let proof): if !isUnknown { return proof }
            case .unknown: isUnknown = true
            case .none: break
            }
        }
        for address in certificate.crl {
            if case .good(let proof) = try await lookInList(address, certificate, issuer, at: time), !isUnknown {
                return proof
            }
        }
        if !isUnknown { metrics.revocation(source: "none", result: "unknown") }
        return nil
    }

    private func askResponder(
        _ address: String, _ certificate: CertificateFacts, _ issuer: CertificateFacts, at time: Int64
    ) async throws -> Word {
        do {
            let request = try OCSPRequest(certificate: certificate, issuer: issuer)
            let answer = try await transport.post(request.der, to: address)
            return try word(request.judge(response: answer, at: time)) { .answer(answer) }
        } catch let problem as PortalProblem {
            throw problem
        } catch {
            tell("OCSP gave no answer, continuing", address, error)
            return .none
        }
    }

    private func lookInList(
        _ address: String, _ certificate: CertificateFacts, _ issuer: CertificateFacts, at time: Int64
    ) async throws -> Word {
        do {
            let fetched = try await lists.list(address, issuer: issuer, at: time) { [transport] in
                try await transport.get(address)
            }
            return try word(fetched.list.judgement(of: certificate, at: time)) { .list(fetched.known) }
        } catch let problem as PortalProblem {
            throw problem
        } catch {
            tell("no revocation list, continuing", address, error)
            return .none
        }
    }

    /// Throws certificate-revoked, or its like for one that is on hold.
    private func word(_ judgement: RevocationJudgement, proof: () -> Proof) throws -> Word {
        let source = judgement.source.rawValue
        switch judgement.status {
        case .good:
            metrics.revocation(source: source, result: "good")
            return .good(proof())
        case .revoked:
            metrics.revocation(source: source, result: "revoked")
            throw judgement.status.isHold ? PortalProblem.certificateSuspended : PortalProblem(.certificateRevoked)
        case .unknown:
            metrics.revocation(source: source, result: "unknown")
            return .unknown
        }
    }

    /// The host alone of an address: the rest may name the certificate that was asked about.
    private func tell(_ what: Logger.Message, _ address: String, _ error: any Error) {
        var metadata = Logger.Metadata(of: error)
        metadata["host"] = "\(RevocationTransport.host(of: address))"
        logger.warning(what, metadata: metadata)
    }
}
