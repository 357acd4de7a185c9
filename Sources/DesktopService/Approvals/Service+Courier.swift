// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs

/// The courier of an approval: it talks to the portal, one question after another.
extension Service {
    /// How long one question to a portal may take, and making the connection.
    private static let patience = (connect: UInt32(10_000), total: UInt32(30_000))
    /// What a courier gets to end its session at the portal.
    private static let farewell: Duration = .seconds(5)

    func openCourier(of approval: Approval) {
        approval.courierGeneration += 1
        approval.courier = nil
        let portal = parts.configuration.portals.first { $0.origin == approval.request.portal }
        let endpoint = PortalEndpoint(
            origin: approval.request.portal.text, caFile: portal?.caFile ?? "", connectTimeout: Self.patience.connect,
            totalTimeout: Self.patience.total)
        approval.questions = [.open(endpoint)]
        approval.isAsking = false
        work(for: approval)
    }

    func ask(_ question: PortalQuestion, of approval: Approval) {
        approval.questions.append(CourierRequest(question))
        work(for: approval)
    }

    /// Has the questions asked that wait, unless somebody is at it.
    private func work(for approval: Approval) {
        guard !approval.isAsking else { return }
        approval.isAsking = true
        let generation = approval.courierGeneration
        task { await self.converse(of: approval, generation) }
    }

    private func converse(of approval: Approval, _ generation: Int) async {
        do throws(JobError) {
            while approval.courierGeneration == generation, !approval.questions.isEmpty {
                let question = approval.questions.removeFirst()
                let courier = try await courier(of: approval, generation)
                guard let courier else { return }
                let reply = try await self.reply(to: question, courier, approval)
                // Closed meanwhile: the farewell was left to who waits here.
                guard approval.courierGeneration == generation else { return await takeLeave(of: courier) }
                took(reply, of: approval)
            }
            // In the same breath as the look at the questions: one that came between the two would wait for ever.
            if approval.courierGeneration == generation { approval.isAsking = false }
        } catch {
            guard approval.courierGeneration == generation else { return }
            parts.log.warning("a courier failed: \(error)")
            approval.questions = []
            (approval.courier, approval.isAsking) = (nil, false)
            handle(.courierLost, of: approval)
        }
    }

    private func reply(
        to question: CourierRequest, _ courier: CourierConversation, _ approval: Approval
    ) async throws(JobError) -> CourierReply {
        approval.awaitsReply = true
        defer { approval.awaitsReply = false }
        return try await courier.ask(question)
    }

    private func courier(of approval: Approval, _ generation: Int) async throws(JobError) -> CourierConversation? {
        if let courier = approval.courier { return courier }
        let courier = try await parts.jobs.startCourier(deadline: nil)
        guard approval.courierGeneration == generation else {
            await courier.job.kill()
            return nil
        }
        approval.courier = courier
        return courier
    }

    func closeCourier(of approval: Approval) {
        approval.courierGeneration += 1
        approval.questions = []
        guard let courier = approval.courier else { return }
        approval.courier = nil
        // A job is listened to by one at a time: whoever waits for an answer now takes leave after it.
        let isAwaited = approval.awaitsReply
        task {
            await courier.job.limit(to: Self.farewell)
            if !isAwaited { await self.takeLeave(of: courier) }
        }
    }

    /// Ends the session; it would end by itself a little later, where this cannot be told.
    private func takeLeave(of courier: CourierConversation) async {
        await courier.job.limit(to: Self.farewell)
        _ = try? await courier.ask(.end)
        await courier.job.close()
        _ = await courier.job.ended()
    }

    private func took(_ reply: CourierReply, of approval: Approval) {
        do throws(ApprovalFailure) {
            switch reply {
            case .opened: return
            case .statement(let statement):
                let offer = try OfferedStatement(
                    version: statement.version, accept: statement.accept, decline: statement.decline)
                handle(.statement(offer), of: approval)
            case .challenge(let challenge):
                handle(.code(try OfferedCode(challenge, from: approval.request.portal)), of: approval)
            case .submitted(let answer):
                let receipt = try PortalReceipt(
                    purpose: answer.purpose, result: answer.result, number: answer.number, reference: answer.reference)
                handle(.receipt(receipt), of: approval)
            case .confirmed(let state): handle(.confirmed(isLoggedIn: state == "logged-in"), of: approval)
            case .applied(let reference, _, _):
                handle(.filed(reference: try PortalReceipt.reference(reference)), of: approval)
            case .newestApplication(let reference):
                let known = reference.isEmpty ? "" : try PortalReceipt.reference(reference)
                handle(.newestApplication(reference: known), of: approval)
            case .failed(let failure): handle(ApprovalEvent(portal: failure), of: approval)
            case .status, .consent, .revocation, .ended:
                handle(.unanswered(ApprovalFailure(.internal, detail: "an answer to another question")), of: approval)
            }
        } catch {
            handle(.unanswered(error), of: approval)
        }
    }
}

extension ApprovalEvent {
    /// A problem of the contract is the portal's word; all else means that it is not known what the portal did.
    fileprivate init(portal failure: JobFailure) {
        if let problem = ProblemName(rawValue: failure.detail) {
            self = .refused(problem, as: ErrorName(rawValue: failure.code))
        } else {
            let error = ErrorName(rawValue: failure.code) ?? .portalUnreachable
            self = .unanswered(ApprovalFailure(error, detail: failure.detail))
        }
    }
}

extension CourierRequest {
    fileprivate init(_ question: PortalQuestion) {
        switch question {
        case .statement: self = .statement
        case .session(let identity): self = .session(identity: identity.digits)
        case .code(let code): self = .challenge(code: code.digits)
        case .submit(let code, let signature): self = .submit(code: code.digits, signature: signature)
        case .confirm(let number): self = .confirm(number: number)
        case .decide(let decision, let version): self = .decide(decision: decision.rawValue, statementVersion: version)
        case .apply: self = .apply(kind: "renewal")
        case .newestApplication: self = .newestApplication(kind: "renewal")
        }
    }
}

extension OfferedCode {
    fileprivate init(_ challenge: Challenge, from portal: Origin) throws(ApprovalFailure) {
        try self.init(
            code: challenge.code, purpose: challenge.purpose, portal: challenge.portal, expiresIn: challenge.expiresIn,
            decision: challenge.decision, statementVersion: challenge.statementVersion, statement: challenge.statement,
            from: portal)
    }
}
