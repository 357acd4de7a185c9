// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Signatures

/// Carries questions to responders and fetches lists. Follows no redirection, and trusts nothing that comes: what is
/// signed is judged by `Signatures`.
struct RevocationTransport: Sendable {
    /// For one question, answer included.
    let timeout: TimeAmount

    /// One for the process, so that connections are kept; it ends with it.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.decompression = .disabled
        // Where nobody listens, the next source is asked at once instead of the same one until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Host and port of an address, for the log; empty where it has none.
    static func host(of address: String) -> String {
        guard let url = URLComponents(string: address), let host = url.host else { return "" }
        return url.port.map { "\(host):\($0)" } ?? host
    }

    /// Why nothing came.
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

    /// Fetches a list.
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
        // The client's own deadline is for the head of an answer alone: its body could drip for ever.
        try await within(timeout) { [timeout] in
            let response = try await Self.http.execute(message, deadline: .now() + timeout)
            guard response.status == .ok else { throw Failure(status: Int(response.status.code)) }
            return Array(buffer: try await response.body.collect(upTo: limit))
        }
    }
}
