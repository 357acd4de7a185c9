// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import PortalContract

/// The rest of a request did not come in in time.
struct RequestTooSlow: Error {}

/// Ends connections whose next request, or whose request's body, does not come in in time, or has not come in when the
/// request is answered.
///
/// It stands behind the decoder and sees the parts of requests and answers. Hummingbird reads a body to its end before it
/// looks at the next request, however long that takes and however large the body is, and each octet starts its timer
/// anew. Here, an answer that is complete before its request ends the connection. Octets that could not be parsed get the
/// portal's problem details, where Hummingbird would send an empty answer.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let patience: TimeAmount
    private let refusal: BadHead
    private let connection: ConnectionState
    /// The newest request is one of HTTP/1.0: it gets no chunks, and its answer ends with the connection.
    private var isOld = false
    /// Requests that came in and are not answered to the end.
    private var unanswered = 0
    /// The newest request has not come in to its end.
    private var isReceiving = false
    /// The client sends no more.
    private var isHalfClosed = false
    private var isEventStream = false
    private var isRefusing = false
    /// The answer under way, or the next one, is the connection's last.
    private var isClosing = false
    /// The last answer is out: all further input is discarded.
    private var isDone = false
    private var discarded = 0
    /// When the client must have acted; nil while the portal is at work.
    private var due: NIODeadline?
    private var watch: Scheduled<Void>?

    init(patience: TimeAmount, refusal: BadHead, connection: ConnectionState) {
        self.patience = patience
        self.refusal = refusal
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        wait(connection.isCrowded ? min(Self.linger, patience) : patience, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        context.fireChannelInactive()
    }

    // MARK: Time

    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        let due = NIODeadline.now() + time
        self.due = due
        if watch == nil { look(at: due, context) }
    }

    /// One timer for all: it starts again if the client has acted, and the guard now waits for something else.
    private func look(at time: NIODeadline, _ context: ChannelHandlerContext) {
        watch = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [self] in
            watch = nil
            guard let due else { return }
            guard due <= .now() else { return look(at: due, context) }
            self.due = nil
            if isReceiving && !isDone {
                // A handler that reads the body answers too-slow. Another one is about to answer, which is the end.
                isClosing = true
                context.fireErrorCaught(RequestTooSlow())
            } else {
                context.close(promise: nil)
            }
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        guard !isDone else { return discard(part, context) }
        // The client has been told that the connection ends, so a further request gets no answer.
        guard isReceiving || !isClosing else { return }
        switch part {
        case .head(var head):
            unanswered += 1
            isReceiving = true
            isOld = head.version == .http1_0
            if isOld || connection.isCrowded { isClosing = true }
            head.headers.remove(name: HeadFault.field)
            if let fault = HeadFault(head, isCrowded: connection.isCrowded) {
                head.headers.add(name: HeadFault.field, value: fault.rawValue)
            }
            part = .head(head)
            // A body has a time of its own.
            wait(patience, context)
        case .body: break
        case .end:
            isReceiving = false
            due = nil
        }
        context.fireChannelRead(NIOAny(part))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if isDone { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isDone { context.fireErrorCaught(error) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard event as? ChannelEvent == .inputClosed else { return }
        isHalfClosed = true
        if isDone || isEventStream { context.close(promise: nil) }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            // Hummingbird itself answers only octets that are no request.
            isRefusing = unanswered == 0
            isEventStream = head.headers.first(name: "Content-Type") == PortalMediaType.events
            if isRefusing { head = refusal.head }
            if isEarly { isClosing = true }
            if isOld && unanswered == 1 { head.version = .http1_0 }
            if isClosing && unanswered == 1 { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            // A client that has hung up on an event stream would be noticed only by the next event.
            if isEventStream && isHalfClosed { context.close(promise: nil) }
        case .body where isRefusing: promise?.succeed()
        case .body: context.write(data, promise: promise)
        case .end:
            isEventStream = false
            if isEarly { isClosing = true }
            let isLast = isRefusing || (isClosing && unanswered == 1)
            if isRefusing {
                context.write(wrapOutboundOut(.body(.byteBuffer(refusal.body))), promise: nil)
                refusal.log()
            } else {
                unanswered -= 1
            }
            context.write(data, promise: promise)
            if isLast { finish(context) } else if unanswered == 0 { wait(patience, context) }
        }
    }

    /// The answer under way is that of the request that is still coming in.
    private var isEarly: Bool { unanswered == 1 && isReceiving }

    // MARK: The end

    /// Ends the output, and reads on for a moment: closing a connection with unread input resets it, and the answer is
    /// lost (RFC 9112, section 9.6).
    private func finish(_ context: ChannelHandlerContext) {
        isDone = true
        context.flush()
        context.close(mode: .output, promise: nil)
        watch?.cancel()
        watch = nil
        wait(Self.linger, context)
        context.read()
    }

    private func discard(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head: break
        case .body(let octets):
            discarded += octets.readableBytes
            if discarded > Self.mostDiscarded { context.close(promise: nil) }
        case .end: context.close(promise: nil)
        }
    }

    private static let linger = TimeAmount.seconds(2)
    private static let mostDiscarded = 16 * PortalLimits.bodyBytes
}

/// Why a request that could be parsed is not served. `RequestGuard` finds the fault while the head is still as it came. It
/// writes the fault into a field, which it removes from what clients send, and `HeadGate` answers it.
enum HeadFault: String {
    /// Not exactly one Host with a host in it, which HTTP/1.1 demands (RFC 9112, 3.2).
    case host
    /// All connections are in use: this one exists so that monitoring still works.
    case crowded

    static let field = "X-EOnay-Head-Fault"

    /// nil for a head that is well.
    init?(_ head: HTTPRequestHead, isCrowded: Bool) {
        let hosts = head.headers[canonicalForm: "host"]
        // HTTP/1.0 has no Host. Two are one too many in any version: a proxy before us may have read the other one.
        let isMissing = hosts.isEmpty && head.version != .http1_0
        if isMissing || hosts.count > 1 || hosts.contains(where: { !Self.isHost($0) }) {
            self = .host
        } else if isCrowded {
            self = .crowded
        } else {
            return nil
        }
    }

    /// A host and perhaps a port, of octets that RFC 3986, 3.2.2, allows; which host it is does not matter here.
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

/// Answers requests whose head has a fault, before anything else reads them.
struct HeadGate: PortalMiddleware {
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

/// The answer to octets that are no request: problem details, as for every other failure.
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

    /// Counts and logs it, without anything that the client sent.
    func log() {
        metrics.request(method: "OTHER", route: "None", status: PortalProblem.badRequest.status, seconds: 0)
        logger.info(
            "request",
            metadata: [
                "method": "OTHER", "route": "None", "status": "\(PortalProblem.badRequest.status)",
                "problem": "\(PortalProblem.badRequest.name)",
            ])
    }
}
