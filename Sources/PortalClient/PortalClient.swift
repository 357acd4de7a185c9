// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import PortalContract

/// The conversation with one portal (contract/portal.md): its calls, one after the other, and one session.
///
/// Each call waits for its answer and checks it against the contract. A call throws `PortalFailure`. For one thread.
public final class PortalClient {
    let portal: Origin
    let web: WebSession
    /// The bearer token of the open session.
    var session: String?
    /// The signature that was posted and not answered. A repetition of it means something else than a first posting.
    var unanswered: (code: VerificationCode, signature: [UInt8])?

    /// A client that has asked nothing yet.
    public init(portal: Origin, caFile: String? = nil, timeouts: PortalTimeouts = PortalTimeouts())
        throws(PortalFailure)
    {
        self.portal = portal
        web = try WebSession(timeouts: timeouts, caFile: caFile)
    }

    /// Sends a request and returns the body of an answer with the status of success.
    func answer(
        _ method: WebRequest.Method, _ path: String, body: (type: String, octets: [UInt8])? = nil,
        isSentOnce: Bool = false, success: Int
    ) throws(PortalFailure) -> [UInt8] {
        var request = WebRequest(
            method: method, address: portal.text + path, headers: ["Accept: \(PortalMediaType.json)"],
            body: body?.octets, isSentOnce: isSentOnce, longestAnswer: Self.longestAnswer)
        if let body { request.headers.append("Content-Type: \(body.type)") }
        if let session { request.headers.append("Authorization: Bearer \(session)") }
        // libcurl would ask before it sends a longer body, and wait a second for the answer.
        request.headers.append("Expect:")
        let answer = try web.perform(request)
        if answer.status == success {
            guard success == 204 || answer.mediaType == PortalMediaType.json else { throw .untrusted("content-type") }
            return answer.body
        }
        throw failure(answer)
    }

    /// The value of a successful answer.
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

    /// A problem by its name. A server error without a problem says nothing about the portal; anything else is no portal.
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

/// The calls of an E-Onay.
extension PortalClient {
    /// The statements in force. They keep the contract's rules, so they can be signed as they are.
    public func statement() throws(PortalFailure) -> OfferedStatement {
        let statement: PortalStatement = try read(.get, PortalPath.statement)
        return try trust { () throws(ApprovalFailure) in
            try OfferedStatement(version: statement.version, accept: statement.accept, decline: statement.decline)
        }
    }

    /// Opens a session for a person and returns its login code.
    public func openSession(for identity: NationalIdentity) throws(PortalFailure) -> OfferedCode {
        session = nil
        let opened: OpenedSession = try read(
            .post, PortalPath.sessions, sending: SessionRequest(identity: identity.digits), success: 201)
        // The token goes into a header, so it must not hold anything that could end the line.
        guard (16...256).contains(opened.session.utf8.count), opened.session.utf8.allSatisfy(Self.isTokenOctet) else {
            throw .untrusted("answer-session")
        }
        let offer = try checked(opened.challenge, for: .login)
        session = opened.session
        return offer
    }

    /// The offer of a code.
    public func offer(of code: VerificationCode) throws(PortalFailure) -> OfferedCode {
        let challenge: PortalChallenge = try read(.get, PortalPath.code(code))
        guard challenge.code == code.digits else { throw .untrusted("challenge-code") }
        return try checked(challenge, for: challenge.purpose)
    }

    /// Confirms the session by the number that its signed login returned; returns its state.
    public func confirm(number: String) throws(PortalFailure) -> SessionState {
        let answer: ConfirmAnswer = try read(.post, PortalPath.confirm, sending: ConfirmRequest(number: number))
        return answer.state
    }

    /// Requests the code for a decision on a version of the statement.
    public func decide(_ decision: Decision, statementVersion: String) throws(PortalFailure) -> OfferedCode {
        let challenge: PortalChallenge = try read(
            .post, PortalPath.decision,
            sending: DecisionRequest(decision: decision.rawValue, statementVersion: statementVersion), success: 201)
        return try checked(challenge, for: .consent)
    }

    /// Files an application, signed by the standing consent.
    ///
    /// This does not repeat a request whose answer was lost: the portal would refuse the repetition if it accepted the first
    /// one. `applications()` shows which it was.
    public func apply(_ kind: ApplicationKind) throws(PortalFailure) -> FiledApplication {
        let body = try answer(
            .post, PortalPath.applications, body: (PortalMediaType.json, ApplicationRequest(kind: kind).json.utf8),
            isSentOnce: true, success: 201)
        let filed: FiledApplication = try Self.value(body)
        guard filed.kind == kind else { throw .untrusted("answer-kind") }
        return try checked(filed)
    }

    /// This person's applications, oldest first.
    public func applications() throws(PortalFailure) -> [FiledApplication] {
        let list: FiledApplications = try read(.get, PortalPath.applications)
        for filed in list.applications { _ = try checked(filed) }
        return list.applications
    }

    private func checked(_ filed: FiledApplication) throws(PortalFailure) -> FiledApplication {
        try trust { () throws(ApprovalFailure) in _ = try PortalReceipt.reference(filed.reference) }
        return filed
    }

    /// Ends the session, if there is one.
    public func end() throws(PortalFailure) {
        guard session != nil else { return }
        defer { session = nil }
        _ = try answer(.delete, PortalPath.session, success: 204)
    }

    /// The offer of a challenge, if it is this portal's, has the requested purpose, and keeps the contract's rules.
    private func checked(_ challenge: PortalChallenge, for purpose: Purpose) throws(PortalFailure) -> OfferedCode {
        guard challenge.purpose == purpose else { throw .untrusted("challenge-purpose") }
        guard let seconds = UInt32(exactly: max(challenge.expiresIn, 0)) else {
            throw .untrusted("challenge-expiresIn")
        }
        return try trust { () throws(ApprovalFailure) in
            try OfferedCode(
                code: challenge.code, purpose: challenge.purpose.rawValue, portal: challenge.portal,
                expiresIn: seconds, decision: challenge.declared?.decision.rawValue ?? "",
                statementVersion: challenge.declared?.version ?? "", statement: challenge.declared?.statement ?? "",
                from: portal)
        }
    }

    /// Runs a check of the rules. If it fails, the portal is at fault.
    func trust<Value>(_ check: () throws(ApprovalFailure) -> Value) throws(PortalFailure) -> Value {
        do { return try check() } catch { throw .untrusted(error.detail) }
    }

    /// RFC 6750, section 2.1: b64token.
    private static func isTokenOctet(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
            || "-._~+/=".utf8.contains(octet)
    }
}

/// Submitting a signature, the one call whose answer must not be lost.
///
/// While the session lives, the portal answers the same octets under a used code as it did before. So this repeats a
/// request without an answer, at once and once; the caller may repeat it later. A repetition may find that the code is no
/// longer open. That alone does not say whether these octets used it; the session does.
extension PortalClient {
    /// Posts a signature (CMS in DER) under its code.
    public func submit(_ signature: [UInt8], under code: VerificationCode) throws(PortalFailure) -> PortalReceipt {
        let isRepetition = unanswered.map { $0.code == code && $0.signature == signature } ?? false
        do { return try post(signature, code, isRepetition: isRepetition) } catch .unreachable(let detail) {
            guard unanswered != nil, !isRepetition else { throw .unreachable(detail) }
            return try post(signature, code, isRepetition: true)
        }
    }

    private func post(
        _ signature: [UInt8], _ code: VerificationCode, isRepetition: Bool
    ) throws(PortalFailure) -> PortalReceipt {
        do {
            let body = try answer(
                .post, PortalPath.signature(code), body: (PortalMediaType.signature, signature), isSentOnce: true,
                success: 200)
            let taken: SubmissionAnswer = try Self.value(body)
            let receipt = try trust { () throws(ApprovalFailure) in
                try PortalReceipt(
                    purpose: taken.purpose.rawValue, result: taken.result.rawValue, number: taken.number ?? "",
                    reference: taken.reference ?? "")
            }
            unanswered = nil
            return receipt
        } catch .problem(let name) where isRepetition && [.unknownCode, .codeLapsed, .codeUsed].contains(name) {
            return try recorded(orElse: name)
        } catch .problem(let name) {
            unanswered = nil
            throw .problem(name)
        } catch .suspended {
            unanswered = nil
            throw .suspended
        } catch {
            if isRepetition || web.mayHaveArrived { unanswered = (code, signature) }
            throw error
        }
    }

    /// The result of the octets by the state of the session, if their code is no longer open.
    private func recorded(orElse problem: ProblemName) throws(PortalFailure) -> PortalReceipt {
        guard session != nil else { throw .unreachable("answer-unclear") }
        let status: SessionStatus
        do { status = try read(.get, PortalPath.session) } catch { throw .unreachable("answer-unclear") }
        switch status.state {
        case .recorded:
            unanswered = nil
            return try trust { () throws(ApprovalFailure) in
                try PortalReceipt(
                    purpose: "consent", result: "recorded", number: "", reference: status.reference ?? "")
            }
        case .login, .loggedIn, .consent:
            unanswered = nil
            throw .problem(problem)
        case .confirm, .ended: throw .unreachable("answer-unclear")
        }
    }
}

/// Why a call of a portal failed.
public enum PortalFailure: Error, Sendable, Equatable {
    /// The portal answered with a problem of the contract, and did nothing.
    case problem(ProblemName)
    /// The problem certificate-revoked, with the reason that the certificate is only on hold.
    case suspended
    /// There was no answer; the detail is a stable word (`connect`, `timeout`, `http-502`).
    case unreachable(String)
    /// The answer is not that of the contract, or comes from another portal.
    case untrusted(String)

    /// The failure's name on the bus.
    public var error: ErrorName {
        switch self {
        case .problem(let name): name.errorName
        case .suspended: .certificateSuspended
        case .unreachable: .portalUnreachable
        case .untrusted: .portalUntrusted
        }
    }

    /// The problem that the portal answered with.
    public var problem: ProblemName? {
        switch self {
        case .problem(let name): name
        case .suspended: .certificateRevoked
        case .unreachable, .untrusted: nil
        }
    }

    /// A stable word for programs: the problem's name if the portal gave one.
    public var detail: String {
        switch self {
        case .problem, .suspended: problem?.rawValue ?? ""
        case .unreachable(let detail), .untrusted(let detail): detail
        }
    }
}
