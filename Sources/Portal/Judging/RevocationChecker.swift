// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import PortalContract
import Signatures

/// Asks the responders and lists that certificates name: OCSP first (RFC 6960), then the list (RFC 5280).
///
/// Only certificates with a good chain come here, so the addresses are an authority's, not a stranger's.
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

    /// The octets that prove that a certificate is good.
    private enum Proof {
        case answer([UInt8])
        case list(KnownList)
    }

    /// The answer of one source about a certificate.
    private enum Word {
        case good(Proof)
        case unknown
        /// No answer that counts.
        case none
    }

    /// The proof that the certificate is good; nil if no source could say. Throws certificate-revoked.
    ///
    /// If a responder does not know the certificate, it may be forged (RFC 6960, 2.2): a list that does not name it then
    /// proves nothing. A list that names it still counts.
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
            log("OCSP gave no answer, continuing", address, error)
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
            log("no revocation list, continuing", address, error)
            return .none
        }
    }

    /// Throws certificate-revoked, also for a certificate that is on hold.
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
    private func log(_ message: Logger.Message, _ address: String, _ error: any Error) {
        var metadata = Logger.Metadata(of: error)
        metadata["host"] = "\(RevocationTransport.host(of: address))"
        logger.warning(message, metadata: metadata)
    }
}

/// Revocation lists that were fetched and checked, each kept until a newer one is due. A list is fetched once for all
/// signatures that wait for it, and the same octets are read and hashed once.
actor RevocationListCache {
    /// A list with its octets and digest.
    struct Fetched: Sendable {
        let list: RevocationList
        let known: KnownList
    }

    private struct Key: Hashable {
        let address: String
        let issuer: String
    }

    private struct Kept {
        let fetched: Fetched
        /// It is not fetched again before this, even if it is overdue: its authority may be late.
        let notBefore: Int64
    }

    private var kept: [Key: Kept] = [:]
    private var fetching: [Key: Task<Fetched, any Error>] = [:]

    /// How many addresses to keep; authorities have a handful.
    private static let limit = 64
    /// Seconds until an overdue list is fetched again. It may have megabytes.
    private static let pause: Int64 = 30

    /// The list of an address: the kept one while it is the newest, else the one that `fetch` returns. An overdue list is
    /// better than none, because a revocation stays true.
    func list(
        _ address: String, issuer: CertificateFacts, at time: Int64,
        fetch: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> Fetched {
        let key = Key(address: address, issuer: issuer.id)
        let known = kept[key]
        if let known {
            let isCurrent = known.fetched.list.nextUpdate.map { time < $0 } ?? false
            if isCurrent || time < known.notBefore { return known.fetched }
        }
        if let fetching = fetching[key] { return try await fetching.value }
        let task = Task { try await Self.read(try await fetch(), issuer: issuer, known: known?.fetched) }
        fetching[key] = task
        defer { fetching[key] = nil }
        var newest: Fetched
        do {
            newest = try await task.value
        } catch {
            guard let known = kept[key]?.fetched else { throw error }
            newest = known
        }
        // A list older than the kept one is a replay.
        if let known = kept[key]?.fetched, known.list.thisUpdate > newest.list.thisUpdate { newest = known }
        if kept.count >= Self.limit { kept.removeAll() }
        kept[key] = Kept(fetched: newest, notBefore: time + Self.pause)
        return newest
    }

    /// Off the actor: a list of megabytes takes a while.
    @concurrent private static func read(
        _ octets: [UInt8], issuer: CertificateFacts, known: Fetched?
    ) async throws -> Fetched {
        // The same file again: comparing it costs a hundredth of reading it.
        if let known, known.known.der == octets { return known }
        let list = try RevocationList(octets, issuer: issuer, takesParts: true)
        return Fetched(list: list, known: KnownList(list.der))
    }
}

/// Sends questions to responders and fetches lists. It follows no redirection and trusts no answer: `Signatures` judges
/// what is signed.
struct RevocationTransport: Sendable {
    /// For one question, answer included.
    let timeout: TimeAmount

    /// One for the process, so that connections are kept. It ends with the process.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.decompression = .disabled
        // If nobody listens, the next source is asked at once, instead of the same one until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Host and port of an address, for the log; empty where it has none.
    static func host(of address: String) -> String {
        guard let url = URLComponents(string: address), let host = url.host else { return "" }
        return url.port.map { "\(host):\($0)" } ?? host
    }

    /// No answer with status 200.
    struct Failure: Error {
        /// 0 for an address that is neither http nor https.
        let status: Int
    }

    /// Posts an OCSP request (RFC 6960, appendix A.1).
    func post(_ request: [UInt8], to address: String) async throws -> [UInt8] {
        var message = try message(to: address)
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/ocsp-request")
        message.body = .bytes(request)
        return try await answer(message, atMost: OCSPResponse.maximumLength)
    }

    func get(_ address: String) async throws -> [UInt8] {
        try await answer(try message(to: address), atMost: RevocationList.maximumLength)
    }

    private func message(to address: String) throws -> HTTPClientRequest {
        // Kamu SM's older certificates name ldap addresses as well. A scheme has no case (RFC 3986, 3.1).
        let scheme = address.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https" else { throw Failure(status: 0) }
        return HTTPClientRequest(url: address)
    }

    private func answer(_ message: HTTPClientRequest, atMost limit: Int) async throws -> [UInt8] {
        // The client's own deadline covers only the head of an answer: the body could drip for ever.
        try await withTimeout(timeout) { [timeout] in
            let response = try await Self.http.execute(message, deadline: .now() + timeout)
            guard response.status == .ok else { throw Failure(status: Int(response.status.code)) }
            return Array(buffer: try await response.body.collect(upTo: limit))
        }
    }
}
