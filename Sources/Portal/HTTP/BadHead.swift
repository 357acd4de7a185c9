// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import PortalContract

/// The answer to what is no request: problem details, as every other failure has them.
struct BadHead: Sendable {
    let head: HTTPResponseHead
    let body: ByteBuffer
    private let metrics: PortalMetrics
    private let logger: Logger

    init(_ security: SecurityHeaders, metrics: PortalMetrics, logger: Logger) {
        let problem = PortalProblem.badRequest
        let details = ProblemDetails(type: problem.type, title: problem.title, status: problem.status)
        body = ByteBuffer(bytes: details.json.utf8)
        var fields: HTTPFields = [
            .contentType: PortalMediaType.problem, .contentLength: String(body.readableBytes), .connection: "close",
        ]
        security.add(to: &fields)
        head = HTTPResponseHead(
            version: .http1_1, status: .badRequest, headers: HTTPHeaders(fields.map { ($0.name.rawName, $0.value) }))
        self.metrics = metrics
        self.logger = logger
    }

    /// Counts and logs it, without anything that was sent.
    func tell() {
        metrics.request(method: "OTHER", route: "None", status: PortalProblem.badRequest.status, seconds: 0)
        logger.info(
            "request",
            metadata: [
                "method": "OTHER", "route": "None", "status": "\(PortalProblem.badRequest.status)",
                "problem": "\(PortalProblem.badRequest.name)",
            ])
    }
}
