// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
internal import PortalContract

/// The conversation with one portal (contract/portal.md): its calls, one after the other, and one session.
///
/// Each call waits for its answer. Nothing the portal says is believed beyond what the contract allows; a call throws
/// `PortalFailure`. For one thread.
public final class PortalClient {
    let portal: Origin
    let web: WebSession
    /// The bearer token of the session that was opened.
    var session: String?
    /// Whether the last request may have come to the portal, whatever became of its answer.
    private(set) var mayHaveArrived = false
    /// The signature that was posted and not answered: a repetition of it is judged otherwise than a first posting.
    var unanswered: (code: VerificationCode, signature: [UInt8])?

    /// A client that has asked nothing yet.
    public init(portal: Origin, caFile: String? = nil, timeouts: PortalTimeouts = PortalTimeouts())
        throws(PortalFailure)
    {
        self.portal = portal
        do { web = try WebSession(timeouts: timeouts, caFile: caFile) } catch { throw PortalFailure(error) }
    }

    /// Sends a request and gives the body of the answer that has the status of success.
    func answer(
        _ method: WebRequest.Method, _ path: String, body: (type: String, octets: [UInt8])? = nil,
        isSentOnce: Bool = false, success: Int
    ) throws(PortalFailure) -> [UInt8] {
        var request = WebRequest(
            method: method, address: portal.text + path, headers: ["Accept: \(PortalMediaType.json)"],
            body: body?.octets, isSentOnce: isSentOnce, longestAnswer: Self.longestAnswer)
        if let body { request.headers.append("Content-Type: \(body.type)") }
        if let session { request.headers.append("Authorization: Bearer \(session)") }
        // libcurl would ask for leave to send a longer body, and wait a second for it.
        request.headers.append("Expect:")
        let answer: WebAnswer
        do { answer = try web.perform(request) } catch {
            mayHaveArrived = error.kind == .answerLost || error.kind == .tooLarge
            throw PortalFailure(error)
        }
        mayHaveArrived = true
        if answer.status == success {
            guard success == 204 || answer.mediaType == PortalMediaType.json else { throw .untrusted("content-type") }
            return answer.body
        }
        throw failure(answer)
    }

    /// The value that a successful answer holds.
    func read<Value: WireValue>(
        _ method: WebRequest.Method, _ path: String, sending message: (any WireValue)? = nil, success: Int = 200
    ) throws(PortalFailure) -> Value {
        let body = message.map { (PortalMediaType.json, $0.json.utf8) }
        return try Self.value(answer(method, path, body: body, success: success))
    }

    static func value<Value: WireValue>(_ body: [UInt8]) throws(PortalFailure) -> Value {
        do { return try Value(utf8: body) } catch {
            throw .untrusted(error.field.isEmpty ? "answer-json" : "answer-\(error.field)")
        }
    }

    /// A record with its signature in base64 is the longest answer.
    private static let longestAnswer = 2 * PortalLimits.bodyBytes

    /// A problem by its name; a server's failure without one says nothing of the portal; all else is no portal.
    private func failure(_ answer: WebAnswer) -> PortalFailure {
        if answer.mediaType == PortalMediaType.problem, let details = try? ProblemDetails(utf8: answer.body),
            let name = details.name
        {
            return name == .certificateRevoked && details.isSuspended ? .suspended : .problem(name)
        }
        let detail = "http-\(answer.status)"
        return answer.status >= 500 || answer.status == 429 ? .unreachable(detail) : .untrusted(detail)
    }
}
