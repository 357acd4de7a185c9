// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
internal import Glibc
internal import JobFrames
internal import PortalClient
internal import Signatures
internal import SystemBasics

/// Asks whether a certificate was revoked: its issuer's responder first, the issuer's list where that has no answer.
///
/// Answers and lists are signed, so they may come over plain HTTP. The issuer's certificate says by whom they
/// may be signed; one that was fetched is believed if it has signed the certificate in question, and no other way.
struct RevocationLookup {
    private let certificate: CertificateFacts
    private let givenIssuer: CertificateFacts?
    private let deadline: Deadline

    /// Addresses of each kind that are tried; a certificate may name thousands.
    private static let mostAddresses = 4
    private static let longestCertificate = 65_536

    /// Throws `JobFailure` for a request that holds no readable certificate.
    init(_ der: [UInt8], issuer: [UInt8]?, milliseconds: UInt32) throws(JobFailure) {
        do {
            certificate = try CertificateFacts.read(der: der)
            givenIssuer = try issuer.map { try CertificateFacts.read(der: $0) }
        } catch {
            throw JobFailure(.invalidArgument, "certificate")
        }
        deadline = Deadline(after: .milliseconds(milliseconds))
    }

    /// The answer; `unreachable` where none can be relied on.
    func answer() -> RevocationAnswer {
        guard let issuer = givenIssuer ?? fetchedIssuer() else { return .unreachable }
        var best: RevocationJudgement?
        for look in [byResponder, byList] {
            guard let judgement = look(issuer) else { continue }
            best = best ?? judgement
            if judgement.status != .unknown {
                best = judgement
                break
            }
        }
        return best.map(RevocationAnswer.init) ?? .unreachable
    }

    private func fetchedIssuer() -> CertificateFacts? {
        first(of: certificate.issuerCertificates) { address, web in
            let found = try CertificateFacts.readAll(web.get(address, atMost: Self.longestCertificate))
            return found.first(where: isIssuer)
        }
    }

    /// By the certificate's own signature, at a time when the certificate itself was good: its end is no matter here.
    private func isIssuer(_ candidate: CertificateFacts) -> Bool {
        let then = min(max(now, certificate.notBefore), certificate.notAfter)
        return (try? TrustStore(certificates: [candidate.der]).chain(for: certificate, at: then)) != nil
    }

    private func byResponder(_ issuer: CertificateFacts) -> RevocationJudgement? {
        first(of: certificate.ocsp) { address, web in
            let request = try OCSPRequest(certificate: certificate, issuer: issuer)
            let response = try web.post(
                request.der, as: "application/ocsp-request", to: address, atMost: OCSPResponse.maximumLength)
            return try request.judge(response: response, at: now)
        }
    }

    private func byList(_ issuer: CertificateFacts) -> RevocationJudgement? {
        first(of: certificate.crl) { address, web in
            let list = try web.get(address, atMost: RevocationList.maximumLength)
            return try RevocationList(list, issuer: issuer, takesParts: true).judgement(of: certificate, at: now)
        }
    }

    /// The first thing that one of the addresses gives. A failure is no answer, and the next address may have one.
    private func first<Found>(
        of addresses: [String], _ look: (String, WebFetcher) throws -> Found?
    ) -> Found? {
        for address in addresses.filter(WebFetcher.isFetchable).prefix(Self.mostAddresses) {
            let left = deadline.millisecondsLeft
            guard left > 0, let web = try? WebFetcher(timeout: UInt32(left)) else { return nil }
            if let found = try? look(address, web) { return found }
        }
        return nil
    }

    private var now: Int64 { Int64(time(nil)) }
}

extension RevocationAnswer {
    fileprivate init(_ judgement: RevocationJudgement) {
        self =
            switch judgement.status {
            case .good: .good
            case .revoked: judgement.status.isHold ? .suspended : .revoked
            case .unknown: .unknown
            }
    }
}
