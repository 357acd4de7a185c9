// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import PortalContract

/// Reads the body of a request, within the contract's size and the time that `RequestGuard` gives it.
struct BodyReader: Sendable {
    /// The whole body.
    ///
    /// - Throws: too-large before more is read than the contract allows, too-slow if the body does not come, bad-request
    ///   if its head does not describe it, `CancellationError` if its client has gone.
    func octets(of request: Request) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > PortalLimits.bodyBytes {
            throw PortalProblem(.tooLarge)
        }
        do {
            return Array(buffer: try await request.body.collect(upTo: PortalLimits.bodyBytes))
        } catch is NIOTooManyBytesError {
            throw PortalProblem(.tooLarge)
        } catch is RequestTooSlow {
            throw PortalProblem.tooSlow
        } catch is HTTPParserError {
            throw PortalProblem.badRequest
        } catch {
            // Any other error comes from the connection, so nobody waits for an answer.
            throw CancellationError()
        }
    }

    /// The body as a message of the contract. Its media type must be JSON's: another site's form cannot send that.
    func message<Value: WireValue>(of request: Request, _ type: Value.Type = Value.self) async throws -> Value {
        try request.expect(PortalMediaType.json)
        do {
            return try Value(utf8: try await octets(of: request))
        } catch is InvalidMessage {
            throw PortalProblem.badRequest
        }
    }

    /// The form that was posted. It must come from a page of ours: with the token of this browser's forms, and not from
    /// another site. Throws forged-form.
    func form(of request: Request, _ visit: Visit, _ keys: PortalKeys) async throws -> FormBody {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            throw PortalProblem.forgedForm
        }
        try request.expect("application/x-www-form-urlencoded")
        let form = try FormBody(String(decoding: try await octets(of: request), as: UTF8.self))
        guard !visit.isFirst, equalInConstantTime(form["form"].utf8, keys.formToken(visitor: visit.visitor).utf8) else {
            throw PortalProblem.forgedForm
        }
        return form
    }
}

extension Request {
    /// Throws unsupported-media-type unless the body is of this type.
    func expect(_ mediaType: String) throws {
        let given = headers[.contentType]?.split(separator: ";", omittingEmptySubsequences: false).first
        let trimmed = given.map { String($0).trimmingCharacters(in: .whitespaces).lowercased() }
        guard trimmed == mediaType else { throw PortalProblem.unsupportedMediaType }
    }

    var bearerToken: String? {
        guard let value = headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst("bearer ".count).drop { $0 == " " })
    }
}

/// The fields of a form that a page posted (docs/decisions/0020 says why Hummingbird's decoder does not read it).
struct FormBody: Sendable {
    private let fields: [String: String]

    /// Reads `application/x-www-form-urlencoded`; throws bad-request for two fields of one name, which no form of ours has.
    /// A field that cannot be decoded is absent, so that its page can ask for it again.
    init(_ text: String) throws(PortalProblem) {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.decoded(parts[0]), let value = Self.decoded(parts[1]) else {
                continue
            }
            guard fields.updateValue(value, forKey: name) == nil else { throw PortalProblem.badRequest }
        }
        self.fields = fields
    }

    /// A field's value; empty for an absent one.
    subscript(name: String) -> String { fields[name] ?? "" }

    private static func decoded(_ text: Substring) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
