// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOHTTP1
import PortalContract

/// Why a request that could be parsed is not served. `RequestGuard` finds it where the head is still as it came, and
/// writes it into a field that it takes away from whatever clients send; `HeadGate` answers it in its turn.
enum HeadFault: String {
    /// Not exactly one Host with a host in it, which HTTP/1.1 demands (RFC 9112, 3.2).
    case host
    /// All connections are taken: this one is there so that whoever watches the portal still gets an answer.
    case crowded

    static let field = "X-EOnay-Head-Fault"

    /// nil for a head that is well.
    init?(_ head: HTTPRequestHead, isCrowded: Bool) {
        let hosts = head.headers[canonicalForm: "host"]
        // HTTP/1.0 knows no Host. Two are one too many in any version: whoever stands before us may have taken the other.
        let isMissing = hosts.isEmpty && head.version != .http1_0
        if isMissing || hosts.count > 1 || hosts.contains(where: { !Self.isHost($0) }) {
            self = .host
        } else if isCrowded {
            self = .crowded
        } else {
            return nil
        }
    }

    /// A host and perhaps a port, as RFC 3986, 3.2.2, has the octets of them; which host does not matter here.
    private static func isHost(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { octet in
                switch octet {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._~%!$&'()*+,;=:[]".utf8.contains(octet)
                }
            }
    }
}

/// Answers requests whose head has a fault. It stands before all that reads a request.
struct HeadGate: RouterMiddleware {
    typealias Context = PortalContext

    private static let field = HTTPField.Name(HeadFault.field)!

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        switch request.headers[Self.field].flatMap(HeadFault.init(rawValue:)) {
        case nil: return try await next(request, context)
        case .host?: return refuse(.badRequest, context)
        case .crowded?:
            if ProxyGate.isHealth(request) { return try await next(request, context) }
            return refuse(.overloaded, context)
        }
    }

    private func refuse(_ problem: PortalProblem, _ context: PortalContext) -> Response {
        context.notes.note(problem)
        return Response(problem: problem)
    }
}
