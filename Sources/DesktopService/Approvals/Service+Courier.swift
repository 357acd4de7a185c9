// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs

/// The courier of an approval: it talks to the portal, one question after another.
extension Service {
    func openCourier(of approval: Approval) {
        let portal = parts.configuration.portals.first { $0.origin == approval.request.portal }
        let endpoint = PortalEndpoint(
            origin: approval.request.portal.text, caFile: portal?.caFile ?? "",
            connectTimeout: parts.patience.portalConnect, totalTimeout: parts.patience.portalTotal)
        let courier = CourierDialogue(on: loop, farewell: .end) { news in
            switch news {
            case .reply(let reply): self.took(reply, of: approval)
            case .lost(let error): self.lostCourier(error, of: approval)
            }
        }
        approval.courier = courier
        courier.ask(.open(endpoint), within: parts.patience.courierStart)
        task {
            await courier.converse(startingWithin: self.parts.patience.courierStart) { () async throws(JobError) in
                try await self.parts.jobs.startCourier(deadline: nil)
            }
        }
    }

    func ask(_ question: PortalQuestion, of approval: Approval) {
        approval.courier?.ask(CourierRequest(question), within: parts.patience.forCourier(question))
    }

    private func lostCourier(_ error: JobError, of approval: Approval) {
        parts.log.warning("a courier failed: \(error)")
        let event: ApprovalEvent =
            switch error.code {
            case .deadline: .courierHung
            case .exhausted: .courierExhausted
            default: .courierLost
            }
        handle(event, of: approval)
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
