// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import PortalContract

extension HTTPField.Name {
    static let xFrameOptions = HTTPField.Name("X-Frame-Options")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
}

extension Response {
    /// A message of the contract.
    init(_ status: HTTPResponse.Status = .ok, answer: some WireValue) {
        self.init(status, json: answer.json)
    }

    init(_ status: HTTPResponse.Status = .ok, json: JSON) {
        self.init(
            status: status, headers: [.contentType: PortalMediaType.json],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.utf8)))
    }

    /// Problem details (RFC 9457).
    init(problem: PortalProblem) {
        let details = ProblemDetails(type: problem.type, title: problem.title, status: problem.status)
        var headers: HTTPFields = [.contentType: PortalMediaType.problem]
        headers.addHints(of: problem)
        self.init(
            status: HTTPResponse.Status(code: problem.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: details.json.utf8)))
    }
}

extension HTTPFields {
    /// What a client needs to act on a problem.
    mutating func addHints(of problem: PortalProblem) {
        if let seconds = problem.retryAfter { self[.retryAfter] = String(seconds) }
        if problem.status == 401 { self[.wwwAuthenticate] = "Bearer" }
    }
}

extension Request {
    /// The whole body; throws too-large before reading more than the contract allows.
    func wholeBody() async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap(Int.init), length > PortalLimits.bodyBytes {
            throw PortalProblem(.tooLarge)
        }
        do {
            return Array(buffer: try await collected())
        } catch is NIOTooManyBytesError {
            throw PortalProblem(.tooLarge)
        }
    }

    /// How long a body may take to come in.
    private static let patience = TimeAmount.seconds(20)

    /// The body, if it is here in time: a client that sends an octet now and then would hold its connection for ever.
    private func collected() async throws -> ByteBuffer {
        let alarm = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: Self.patience) {}
        defer { alarm.cancel() }
        let body = body
        let collecting = Task { try await body.collect(upTo: PortalLimits.bodyBytes) }
        alarm.futureResult.whenSuccess { collecting.cancel() }
        do {
            let buffer = try await withTaskCancellationHandler {
                try await collecting.value
            } onCancel: {
                collecting.cancel()
            }
            guard !collecting.isCancelled else { throw PortalProblem.tooSlow }
            return buffer
        } catch is CancellationError {
            throw PortalProblem.tooSlow
        }
    }

    /// The body as a message of the contract. Its media type must be JSON's: another site's form cannot send that.
    func message<Value: WireValue>(_ type: Value.Type = Value.self) async throws -> Value {
        try expect(PortalMediaType.json)
        do {
            return try Value(utf8: try await wholeBody())
        } catch is InvalidMessage {
            throw PortalProblem.badRequest
        }
    }

    /// Throws unsupported-media-type unless the body is of this type.
    func expect(_ mediaType: String) throws {
        let given = headers[.contentType]?.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } }
        guard given == mediaType else { throw PortalProblem.unsupportedMediaType }
    }

    /// The token of the Authorization header.
    var bearerToken: String? {
        guard let value = headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst("bearer ".count).drop { $0 == " " })
    }
}
