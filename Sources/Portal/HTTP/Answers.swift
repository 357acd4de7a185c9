// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
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
        let details = ProblemDetails(
            type: problem.type, title: problem.title, status: problem.status, reason: problem.reason)
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
        if let allowed = problem.allowed { self[.allow] = allowed }
        if problem.status == 401 { self[.wwwAuthenticate] = "Bearer" }
    }
}
