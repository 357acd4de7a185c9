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
/// may be signed; one that a card bears or that was fetched is believed if it has signed the certificate in question, and no other way.
final class RevocationLookup {
    private let certificate: CertificateFacts
    private let givenIssuer: CertificateFacts?
    private let takesLists: Bool
    private let deadline: Deadline
    /// Why the first address that failed has no answer.
    private var trouble = ""

    /// Addresses of each kind that are tried; a certificate may name thousands.
    private static let mostAddresses = 4
    private static let longestCertificate = 65_536

    /// Throws `JobFailure` for a request that holds no readable certificate.
    ///
    /// - Parameter takesLists: whether a list is fetched where no responder has an answer.
    init(_ der: [UInt8], issuer: [UInt8]?, takesLists: Bool = true, milliseconds: UInt32) throws(JobFailure) {
        do {
            certificate = try CertificateFacts.read(der: der)
            givenIssuer = try issuer.map { try CertificateFacts.read(der: $0) }
        } catch {
            throw JobFailure(.invalidArgument, "certificate")
        }
        self.takesLists = takesLists
        deadline = Deadline(after: .milliseconds(milliseconds))
    }

    /// The answer, or the reason why none can be relied on. To be called once.
    func answer() -> RevocationAnswer {
        guard let issuer = givenIssuer.flatMap({ isIssuer($0) ? $0 : nil }) ?? fetchedIssuer() else {
            return RevocationAnswer(unreachable: trouble.isEmpty ? "no-issuer" : "issuer: \(trouble)")
        }
        let word = byResponder(issuer)
        let isSettled = word.map { $0.status != .unknown } ?? false
        let list = isSettled || !takesLists ? nil : byList(issuer)
        guard let best = list.map({ $0.status == .unknown ? word ?? $0 : $0 }) ?? word else {
            return RevocationAnswer(unreachable: trouble.isEmpty ? "no-address" : trouble)
        }
        return RevocationAnswer(best)
    }

    private func fetchedIssuer() -> CertificateFacts? {
        first(of: certificate.issuerCertificates) { address, web in
            let found = try CertificateFacts.readAll(web.get(address, atMost: Self.longestCertificate))
            guard let issuer = found.first(where: isIssuer) else { throw PortalFailure.untrusted("another-issuer") }
            return issuer
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
        of addresses: [String], _ look: (String, WebFetcher) throws -> Found
    ) -> Found? {
        for address in addresses.filter(WebFetcher.isFetchable).prefix(Self.mostAddresses) {
            let left = deadline.millisecondsLeft
            guard left > 0 else {
                note("timeout")
                return nil
            }
            do { return try look(address, WebFetcher(timeout: UInt32(left))) } catch let failure as PortalFailure {
                note(failure.detail)
            } catch let error as RevocationError {
                note(error.detail.isEmpty ? error.code.rawValue : "\(error.code.rawValue) \(error.detail)")
            } catch {
                note("malformed")
            }
        }
        return nil
    }

    private func note(_ reason: String) { if trouble.isEmpty { trouble = reason } }

    private var now: Int64 { Int64(time(nil)) }
}

extension RevocationAnswer {
    fileprivate init(_ judgement: RevocationJudgement) {
        switch judgement.status {
        case .good: self.init(.good, thisUpdate: judgement.thisUpdate)
        case .revoked(let since, let reason):
            self.init(
                judgement.status.isHold ? .suspended : .revoked, since: since,
                reason: reason.flatMap { RevocationReason(code: $0) }, thisUpdate: judgement.thisUpdate)
        case .unknown: self.init(.unknown, thisUpdate: judgement.thisUpdate)
        }
    }
}
