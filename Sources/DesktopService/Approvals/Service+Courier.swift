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
            origin: approval.request.portal, caFile: portal?.caFile ?? "",
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
        approval.courier?.ask(.question(question), within: parts.patience.forCourier(question))
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
            case .statement(let offer): handle(.statement(offer), of: approval)
            case .code(let offer): handle(.code(offer), of: approval)
            case .receipt(let receipt): handle(.receipt(receipt), of: approval)
            case .confirmed(let isLoggedIn): handle(.confirmed(isLoggedIn: isLoggedIn), of: approval)
            case .filed(let reference):
                handle(.filed(reference: try PortalReceipt.reference(reference)), of: approval)
            case .newestApplication(let reference):
                let known = try reference.map { (text) throws(ApprovalFailure) in try PortalReceipt.reference(text) }
                handle(.newestApplication(reference: known ?? ""), of: approval)
            case .failed(let failure): handle(ApprovalEvent(portal: failure), of: approval)
            case .revocation, .ended: throw ApprovalFailure(.internal, detail: "an answer to another question")
            }
        } catch {
            handle(.unanswered(error), of: approval)
        }
    }
}

extension ApprovalEvent {
    /// A problem of the contract is the portal's word; all else means that it is not known what the portal did.
    fileprivate init(portal failure: JobFailure) {
        if let problem = failure.problem {
            self = .refused(problem, as: failure.name)
        } else {
            self = .unanswered(ApprovalFailure(failure.name, detail: failure.detail))
        }
    }
}
