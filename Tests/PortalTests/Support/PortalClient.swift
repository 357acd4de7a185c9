// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import Foundation
import NIOCore
import NIOHTTP1
import PortalContract
import VirtualCard

@testable import Portal

/// Speaks the contract to a portal over real HTTP.
protocol ContractClient: Sendable {
    /// The address of the portal.
    var address: String { get }
}

/// A portal in a process of its own.
struct RemotePortal: ContractClient {
    let address: String
}

/// A portal in this process.
struct PortalClient: ContractClient {
    let bench: PortalBench
    let server: PortalServer
    let address: String

    var store: any PortalStore { server.service.store }

    /// Follows no redirection, as the contract wants. Lives as long as the tests.
    static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // A portal that was killed is gone: to try again until the time is over would only take that time.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// The portal's answer.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        /// The problem's name, or what came instead of one.
        var problem: String {
            guard let details = try? ProblemDetails(utf8: body) else { return "no problem: \(status)" }
            return details.name?.rawValue ?? details.type
        }

        func value<Value: WireValue>(_ type: Value.Type = Value.self) throws -> Value { try Value(utf8: body) }

        func header(_ name: String) -> String? { headers.first(name: name) }

        var text: String { String(decoding: body, as: UTF8.self) }
    }
}

extension ContractClient {
    typealias Answer = PortalClient.Answer

    func send(
        _ method: String, _ path: String, token: String? = nil, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = .RAW(value: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer " + token) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await PortalClient.http.execute(request, timeout: .seconds(20))
        let collected = try await response.body.collect(upTo: 1 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers, body: Array(buffer: collected))
    }

    func post(_ path: String, _ value: some WireValue, token: String? = nil) async throws -> Answer {
        try await send(
            "POST", path, token: token, headers: [("Content-Type", "application/json")], body: value.json.utf8)
    }

    func get(_ path: String, token: String? = nil) async throws -> Answer { try await send("GET", path, token: token) }

    func post(signature: [UInt8], under code: String) async throws -> Answer {
        try await send(
            "POST", "\(PortalPath.prefix)/codes/\(code)/signature",
            headers: [("Content-Type", "application/pkcs7-mime")], body: signature)
    }

    /// Opens the event stream of a session.
    func events(_ token: String) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address + PortalPath.events)
        request.headers.add(name: "Authorization", value: "Bearer " + token)
        return try await PortalClient.http.execute(request, timeout: .seconds(20))
    }

    // MARK: The walk

    func open(_ identity: String = Holder.sukru.identity) async throws -> OpenedSession {
        try await post(PortalPath.sessions, SessionRequest(identity: identity)).value()
    }

    /// Signs in by the contract's way and gives the session's token.
    func signIn(with signer: Signer) async throws -> String {
        let opened = try await open(signer.identity)
        let signature = try signer.login(opened.challenge)
        let submission: SubmissionAnswer = try await post(signature: signature, under: opened.challenge.code).value()
        _ = try await post(
            PortalPath.confirm, ConfirmRequest(number: submission.number ?? ""), token: opened.session
        ).value(ConfirmAnswer.self)
        return opened.session
    }

    func decide(_ decision: String, token: String) async throws -> PortalChallenge {
        try await post(
            PortalPath.decision,
            DecisionRequest(decision: decision, statementVersion: PortalRules.guideStatement.version), token: token
        ).value()
    }

    /// Records a decision and gives its reference.
    func record(_ decision: String, token: String, by signer: Signer) async throws -> String {
        let challenge = try await decide(decision, token: token)
        let answer = try await post(signature: try signer.consent(challenge), under: challenge.code)
        return try answer.value(SubmissionAnswer.self).reference ?? ""
    }
}
