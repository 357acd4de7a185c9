// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import PortalContract

/// The calls of an E-Onay.
extension PortalClient {
    /// The statements in force. Theirs is the contract's form, so that they can be signed as they are.
    public func statement() throws(PortalFailure) -> Statement {
        let statement: Statement = try read(.get, PortalPath.statement)
        try trust { () throws(ApprovalFailure) in
            _ = try OfferedStatement(version: statement.version, accept: statement.accept, decline: statement.decline)
        }
        return statement
    }

    /// Begins a session for a person and gives its login code.
    public func openSession(for identity: NationalIdentity) throws(PortalFailure) -> Challenge {
        session = nil
        let opened: OpenedSession = try read(
            .post, PortalPath.sessions, sending: SessionRequest(identity: identity.digits), success: 201)
        // The token goes into a header: base64 or hex, and nothing that could end the line.
        guard (16...256).contains(opened.session.utf8.count), opened.session.utf8.allSatisfy(Self.isTokenOctet) else {
            throw .untrusted("answer-session")
        }
        let challenge = try checked(opened.challenge, for: .login)
        session = opened.session
        return challenge
    }

    /// What a code is for.
    public func challenge(_ code: VerificationCode) throws(PortalFailure) -> Challenge {
        let challenge: Challenge = try read(.get, PortalPath.code(code))
        guard challenge.code == code.digits else { throw .untrusted("challenge-code") }
        return try checked(challenge, for: challenge.purpose)
    }

    /// Confirms the session by the number that its signed login gave; tells whether it is logged in.
    public func confirm(number: String) throws(PortalFailure) -> SessionState {
        let answer: ConfirmAnswer = try read(.post, PortalPath.confirm, sending: ConfirmRequest(number: number))
        return answer.state
    }

    /// Asks for the code of a decision on a version of the statement.
    public func decide(_ decision: Decision, statementVersion: String) throws(PortalFailure) -> Challenge {
        let challenge: Challenge = try read(
            .post, PortalPath.decision,
            sending: DecisionRequest(decision: decision.rawValue, statementVersion: statementVersion), success: 201)
        return try checked(challenge, for: .consent)
    }

    /// The consent that stands.
    public func status() throws(PortalFailure) -> ConsentStanding { try read(.get, PortalPath.status) }

    /// A recorded decision with its proof.
    public func consent(_ reference: String) throws(PortalFailure) -> ConsentDocument {
        try trust { () throws(ApprovalFailure) in
            _ = try PortalReceipt(purpose: "consent", result: "recorded", number: "", reference: reference)
        }
        return try read(.get, PortalPath.consent(reference))
    }

    /// Files an application, signed by the standing consent.
    ///
    /// An answer that was lost is not asked for again here: a repetition may be refused because the first was taken, and
    /// then `applications()` tells.
    public func apply(_ kind: ApplicationKind) throws(PortalFailure) -> FiledApplication {
        let body = try answer(
            .post, PortalPath.applications, body: (PortalMediaType.json, ApplicationRequest(kind: kind).json.utf8),
            isSentOnce: true, success: 201)
        let filed: FiledApplication = try Self.value(body)
        guard filed.kind == kind else { throw .untrusted("answer-kind") }
        return try checked(filed)
    }

    /// The applications that the portal has of this person, oldest first.
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

    /// The challenge, if it is this portal's, of the purpose that was asked for, and what the contract allows.
    private func checked(_ challenge: Challenge, for purpose: Purpose) throws(PortalFailure) -> Challenge {
        guard challenge.purpose == purpose else { throw .untrusted("challenge-purpose") }
        guard let seconds = UInt32(exactly: max(challenge.expiresIn, 0)) else {
            throw .untrusted("challenge-expiresIn")
        }
        try trust { () throws(ApprovalFailure) in
            _ = try OfferedCode(
                code: challenge.code, purpose: challenge.purpose.rawValue, portal: challenge.portal,
                expiresIn: seconds, decision: challenge.declared?.decision.rawValue ?? "",
                statementVersion: challenge.declared?.version ?? "", statement: challenge.declared?.statement ?? "",
                from: portal)
        }
        return challenge
    }

    /// What the rules find wrong is the portal's doing.
    func trust<Value>(_ check: () throws(ApprovalFailure) -> Value) throws(PortalFailure) -> Value {
        do { return try check() } catch { throw .untrusted(error.detail) }
    }

    /// RFC 6750, section 2.1: b64token.
    private static func isTokenOctet(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
            || "-._~+/=".utf8.contains(octet)
    }
}
