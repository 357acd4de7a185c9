// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import SystemBasics

extension PortalService {
    /// `POST /sessions`: a session and its login code.
    ///
    /// - Parameter address: where the request came from.
    func open(identity typed: String, address: String) async throws -> OpenedSession {
        let identity: NationalIdentity
        do {
            identity = try NationalIdentity(typed: typed)
        } catch {
            throw PortalProblem(.invalidIdentity)
        }
        let token = Randomness.token()
        let session = NewSession(
            token: keys.digest(ofToken: token), identity: keys.digest(of: identity),
            sealedIdentity: try keys.seal(Data(identity.digits.utf8), context: Self.identityContext))
        let challenge = try await issue(for: .login, nil) { code in
            try await store.begin(
                session, with: code, within: allowances(session.identity, address), at: code.issuedAt)
        }
        return OpenedSession(session: token, challenge: challenge)
    }

    /// Another login code for a session whose code has lapsed.
    func renewLoginCode(of session: Session, address: String) async throws -> PortalChallenge {
        try await issue(for: .login, nil) { code in
            try await store.issue(
                code, to: session.stored.id, state: .login, within: allowances(session.stored.identity, address),
                at: code.issuedAt)
        }
    }

    /// `POST /decision`: a consent code.
    func decide(_ request: DecisionRequest, session: Session, address: String) async throws -> PortalChallenge {
        guard let decision = Decision(rawValue: request.decision) else { throw PortalProblem(.invalidDecision) }
        guard request.statementVersion == rules.statement.version else { throw PortalProblem(.staleStatement) }
        let declared = StoredCode.DeclaredVersion(decision: decision, version: rules.statement.version)
        let challenge = try await issue(for: .consent, declared) { code in
            try await store.issue(
                code, to: session.stored.id, state: .consent, within: allowances(session.stored.identity, address),
                at: code.issuedAt)
        }
        events.post(session.stored.id)
        return challenge
    }

    /// `GET /codes/CODE`.
    func challenge(_ text: String, address: String) async throws -> PortalChallenge {
        // A client that guesses too much learns of a hit as little as of a miss.
        if let wait = try await store.wait(for: guesses("unknown codes", from: address), at: clock.now()) {
            throw PortalProblem.tooManyRequests(retryAfter: wait)
        }
        let found = try await look(up: text, address: address)
        let now = clock.now()
        if found.code.usedBy != nil { throw PortalProblem(.codeUsed) }
        guard found.code.isOpen(at: now), found.session.livesUntil > now else { throw PortalProblem(.codeLapsed) }
        return try await challenge(of: found.code)
    }

    /// Finds a code. A client that asks for too many unknown codes has to wait. A client with a signature under a code that
    /// exists does not wait for the guesses of strangers at its address.
    func look(up text: String, address: String) async throws -> (
        digits: VerificationCode, code: StoredCode, session: StoredSession
    ) {
        if let digits = try? VerificationCode(text), let (code, session) = try await store.code(keys.digest(of: digits))
        {
            return (digits, code, session)
        }
        let guesses = guesses("unknown codes", from: address)
        // The first look needs no write; the second counts, so that of many at once no more pass than are allowed.
        var wait = try await store.wait(for: guesses, at: clock.now())
        if wait == nil { wait = try await store.spend(guesses, at: clock.now()) }
        throw wait.map(PortalProblem.tooManyRequests(retryAfter:)) ?? PortalProblem(.unknownCode)
    }

    /// The challenge that a stored code stands for.
    func challenge(of code: StoredCode) async throws -> PortalChallenge {
        let digits = String(decoding: try keys.open(code.sealedDigits, context: Self.codeContext), as: UTF8.self)
        var declared: PortalChallenge.Declared?
        if let choice = code.declared {
            declared = PortalChallenge.Declared(
                decision: choice.decision, version: choice.version, statement: try await statement(of: choice))
        }
        return PortalChallenge(
            code: digits, purpose: code.purpose, portal: rules.origin.value.text, issuedAt: code.issuedAt,
            expiresAt: code.expiresAt, expiresIn: max(0, code.expiresAt - clock.now()), declared: declared)
    }

    /// The words that a code declares: of the statement in force, or of an earlier one.
    func statement(of declared: StoredCode.DeclaredVersion) async throws -> String {
        let isInForce = declared.version == rules.statement.version
        guard let statement = isInForce ? rules.statement : try await store.statement(version: declared.version) else {
            throw PortalProblem.internal
        }
        return statement.text(of: declared.decision)
    }

    private func allowances(_ identity: Data, _ address: String) -> [Allowance] {
        allowances(
            "codes", atMost: rules.limits.codesPerIdentity, from: address, for: Base64.encode(identity))
            + allowances("codes", atMost: rules.limits.codesPerAddress, from: address)
    }

    /// Draws codes until one is free; `put` stores it.
    private func issue(
        for purpose: Purpose, _ declared: StoredCode.DeclaredVersion?,
        put: (StoredCode) async throws -> IssueOutcome
    ) async throws -> PortalChallenge {
        while true {
            let digits = Randomness.code()
            let now = clock.now()
            let code = StoredCode(
                digest: keys.digest(of: digits), purpose: purpose,
                sealedDigits: try keys.seal(Data(digits.digits.utf8), context: Self.codeContext), declared: declared,
                issuedAt: now, expiresAt: now + rules.codeLifetime)
            switch try await put(code) {
            case .issued:
                metrics.codesIssued(purpose)
                return try await challenge(of: code)
            case .clash: continue
            case .limited(let seconds): throw PortalProblem(.tooManyCodes, retryAfter: seconds)
            case .refused: throw PortalProblem(purpose == .login ? .noSession : .notLoggedIn)
            }
        }
    }
}
