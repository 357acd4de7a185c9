// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// From the beginning to the signatures: nothing is recorded anywhere yet.
extension ApprovalMachine {
    mutating func begin(_ facts: ApprovalFacts, at now: Int64) -> [ApprovalEffect] {
        guard stage == .new else { return [] }
        return checked(facts, at: now)
    }

    mutating func beginWithoutToken(_ failure: ApprovalFailure) -> [ApprovalEffect] {
        guard stage == .new else { return [] }
        guard request.wait > 0 else { return fail(failure) }
        stage = .waitingForToken
        return [.waitForToken(seconds: request.wait)]
    }

    mutating func tokenInserted(_ facts: ApprovalFacts, at now: Int64) -> [ApprovalEffect] {
        guard stage == .waitingForToken else { return [] }
        return checked(facts, at: now)
    }

    mutating func tokenUnavailable(_ failure: ApprovalFailure) -> [ApprovalEffect] {
        guard stage == .new || stage == .waitingForToken else { return [] }
        return fail(failure)
    }

    /// Card and portal are slow in their own ways, so both are asked at once.
    private mutating func checked(_ facts: ApprovalFacts, at now: Int64) -> [ApprovalEffect] {
        do { try facts.check(finalTry: request.finalTry, at: now) } catch { return fail(error) }
        stage = .gathering(nil, nil)
        (tokenRuns, courierRuns) = (true, true)
        switch request.kind {
        case .approve: return [.prepareToken, .openCourier, .ask(.statement)]
        case .signCode(let code): return [.prepareToken, .openCourier, .ask(.code(code))]
        case .renew: return [.prepareToken, .openCourier]
        }
    }

    mutating func prepared(_ signer: ApprovalSigner, at now: Int64) -> [ApprovalEffect] {
        guard case .gathering(nil, let offer) = stage else { return [] }
        if let identity = request.identity, identity != signer.identity {
            return fail(ApprovalFailure(.identityMismatch))
        }
        do { try signer.pinState.check(finalTry: request.finalTry) } catch { return fail(error) }
        awaitsRevocation = signer.namesResponder
        let check: [ApprovalEffect] = awaitsRevocation ? [.checkRevocation] : []
        if request.kind == .renew {
            stage = .openingSession(nil)
            return check + [.ask(.session(signer.identity))]
        }
        return check + gathered(signer, offer, at: now)
    }

    mutating func offered(_ statement: OfferedStatement, at now: Int64) -> [ApprovalEffect] {
        guard case .gathering(let signer, nil) = stage, case .approve(let decision) = request.kind else { return [] }
        return gathered(signer, .statement(statement.declaration(of: decision)), at: now)
    }

    mutating func offered(_ code: OfferedCode, at now: Int64) -> [ApprovalEffect] {
        switch stage {
        case .gathering(let signer, nil):
            guard case .signCode(let asked) = request.kind else { return [] }
            guard code.code == asked else { return fail(.challenge("code")) }
            if code.secondsLeft == 0 { return fail(ApprovalFailure(.codeExpired)) }
            decision = code.declaration?.decision
            return countDown(code, at: now) + gathered(signer, .code(code, at: now), at: now)
        case .openingSession(let declaration):
            guard code.purpose == .login else { return fail(.challenge("purpose")) }
            if code.secondsLeft == 0 { return fail(ApprovalFailure(.codeExpired)) }
            return countDown(code, at: now) + order(code, showing: declaration, receivedAt: now, at: now)
        case .deciding(let declaration):
            guard code.purpose == .consent else { return fail(.challenge("purpose")) }
            guard code.declaration == declaration else { return fail(ApprovalFailure(.statementChanged)) }
            if code.secondsLeft == 0 { return fail(ApprovalFailure(.codeExpired)) }
            step = 2
            return countDown(code, at: now) + order(code, showing: declaration, receivedAt: now, at: now)
        default: return []
        }
    }

    private mutating func gathered(_ signer: ApprovalSigner?, _ offer: Offer?, at now: Int64) -> [ApprovalEffect] {
        stage = .gathering(signer, offer)
        guard let signer, let offer else { return [] }
        switch offer {
        case .statement(let declaration):
            stage = .openingSession(declaration)
            return [.ask(.session(signer.identity))]
        case .code(let code, let receivedAt):
            return order(code, showing: code.declaration, receivedAt: receivedAt, at: now)
        }
    }

    private mutating func countDown(_ code: OfferedCode, at now: Int64) -> [ApprovalEffect] {
        deadline = now + Int64(code.secondsLeft)
        codeTimerRuns = true
        return [.armCodeTimer(seconds: code.secondsLeft)]
    }

    private mutating func order(
        _ code: OfferedCode, showing: Declaration?, receivedAt: Int64, at now: Int64
    ) -> [ApprovalEffect] {
        if awaitsRevocation {
            stage = .checkingRevocation(code, showing, receivedAt: receivedAt)
            return []
        }
        // The card may have taken its time since the code came; a clock that was set meanwhile must not add any.
        let left = UInt32(clamping: min(max(deadline - now, 1), Int64(code.secondsLeft)))
        let order = SigningOrder(
            purpose: code.purpose, code: code.code, declaration: code.declaration, shown: showing, deadline: deadline,
            secondsLeft: left, step: step, steps: request.steps)
        stage = .signing(order, .ordered, receivedAt: receivedAt)
        return [.sign(order)]
    }

    /// Best effort: a responder that gives no answer stops nothing, because the portal asks it, too.
    mutating func revocationChecked(_ hindrance: ErrorName?, at now: Int64) -> [ApprovalEffect] {
        guard awaitsRevocation, !isOver else { return [] }
        awaitsRevocation = false
        if let hindrance {
            return fail(ApprovalFailure(hindrance, detail: ProblemName.certificateRevoked.rawValue))
        }
        guard case .checkingRevocation(let code, let declaration, let receivedAt) = stage else { return [] }
        return order(code, showing: declaration, receivedAt: receivedAt, at: now)
    }

    mutating func progressed(to progress: Progress) -> [ApprovalEffect] {
        guard case .signing(let order, _, let receivedAt) = stage else { return [] }
        stage = .signing(order, progress, receivedAt: receivedAt)
        return []
    }

    /// A login on the way to a consent is posted at once: it records nothing. All else is written down first.
    mutating func signed(_ signature: [UInt8]) -> [ApprovalEffect] {
        guard case .signing(let order, _, let receivedAt) = stage else { return [] }
        if order.step < order.steps, let declaration = order.shown {
            stage = .submittingLogin(.declare(declaration))
            return [
                .keepSignature(order.purpose, order.code, signature), .ask(.submit(order.code, signature: signature)),
            ]
        }
        let submission = PendingSubmission(
            purpose: order.purpose, code: order.code, signature: signature, decision: order.declaration?.decision,
            receivedAt: receivedAt)
        if request.kind == .renew {
            stage = .submittingLogin(.renew(submission))
            tokenRuns = false
            return [
                .closeToken, .keepSignature(order.purpose, order.code, signature),
                .ask(.submit(order.code, signature: signature)),
            ]
        }
        stage = .storingSubmission(submission)
        (tokenRuns, codeTimerRuns) = (false, false)
        return [.closeToken, .disarmCodeTimer, .storeSubmission(submission)]
    }

    mutating func confirmed(_ isLoggedIn: Bool) -> [ApprovalEffect] {
        guard case .confirming(let errand) = stage else { return [] }
        guard isLoggedIn else { return fail(ApprovalFailure(.portalUntrusted, detail: "session-state")) }
        switch errand {
        case .declare(let declaration):
            stage = .deciding(declaration)
            return [.ask(.decide(declaration.decision, version: declaration.version))]
        case .renew(let submission):
            stage = .lookingBack(submission)
            return [.ask(.newestApplication)]
        }
    }
}
