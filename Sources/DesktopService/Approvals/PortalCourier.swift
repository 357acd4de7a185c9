// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import SystemBasics

/// The courier of an approval: it talks to the portal, one question after another.
final class PortalCourier {
    private let surroundings: ApprovalSurroundings
    private let portal: Origin
    private let report: (ApprovalEvent) -> Void
    private var dialogue: CourierDialogue?

    init(_ surroundings: ApprovalSurroundings, to portal: Origin, report: @escaping (ApprovalEvent) -> Void) {
        (self.surroundings, self.portal, self.report) = (surroundings, portal, report)
    }

    /// Starts it. One that ran before is not heard any more.
    func open() {
        let (patience, jobs) = (surroundings.patience, surroundings.jobs)
        let configured = surroundings.settings().configuration.portals.first { $0.origin == portal }
        let request = CourierRequest.open(
            portal, caFile: configured?.caFile ?? "", connectTimeout: patience.portalConnect,
            totalTimeout: patience.portalTotal)
        let dialogue = CourierDialogue(on: surroundings.scheduler, farewell: .end) { [weak self] news in
            switch news {
            case .reply(let reply): self?.took(reply)
            case .lost(let error): self?.lost(error)
            }
        }
        self.dialogue = dialogue
        dialogue.ask(request, within: patience.courierStart)
        surroundings.scheduler.task {
            await dialogue.converse(startingWithin: patience.courierStart) { () async throws(JobError) in
                try await jobs.startCourier(deadline: nil)
            }
        }
    }

    func ask(_ question: PortalQuestion) {
        dialogue?.ask(.question(question), within: surroundings.patience.forCourier(question))
    }

    /// Lets it end its session, and end.
    func close() { dialogue?.close(within: surroundings.patience.courierFarewell) }

    func kill() { dialogue?.kill() }

    private func lost(_ error: JobError) {
        surroundings.log.warning("a courier failed: \(error)")
        switch error.code {
        case .deadline: report(.courierHung)
        case .exhausted: report(.courierExhausted)
        default: report(.courierLost)
        }
    }

    private func took(_ reply: CourierReply) {
        do throws(ApprovalFailure) {
            switch reply {
            case .opened: return
            case .statement(let offer): report(.statement(offer))
            case .code(let offer): report(.code(offer))
            case .receipt(let receipt): report(.receipt(receipt))
            case .confirmed(let isLoggedIn): report(.confirmed(isLoggedIn: isLoggedIn))
            case .filed(let reference): report(.filed(reference: try PortalReceipt.reference(reference)))
            case .newestApplication(let reference):
                let known = try reference.map { (text) throws(ApprovalFailure) in try PortalReceipt.reference(text) }
                report(.newestApplication(reference: known ?? ""))
            case .failed(let failure): report(ApprovalEvent(portal: failure))
            case .revocation, .probed, .ended:
                throw ApprovalFailure(.internal, detail: "an answer to another question")
            }
        } catch {
            report(.unanswered(error))
        }
    }
}

/// The courier that asks the certificate's own responder before the PIN is asked: nobody types it for a certificate that was revoked.
///
/// It runs beside the one that talks to the portal: neither waits for the other, and the address, which comes from a card, is not
/// visited by a process that knows a session.
final class RevocationCheck {
    private let dialogue: CourierDialogue
    private let surroundings: ApprovalSurroundings

    /// Asks. `report` is called once, whatever becomes of it.
    init(
        _ surroundings: ApprovalSurroundings, certificate: [UInt8], issuer: [UInt8]?,
        report: @escaping (ApprovalEvent) -> Void
    ) {
        self.surroundings = surroundings
        let (patience, jobs, log) = (surroundings.patience.revocation, surroundings.jobs, surroundings.log)
        dialogue = CourierDialogue(on: surroundings.scheduler) { news in
            let status = Self.status(news, log)
            let isSuspended = status == .suspended
            report(.revocationChecked(isRevoked: status == .revoked || isSuspended, isSuspended: isSuspended))
        }
        // So much less than we wait that it can still say that it has reached nobody.
        let request = CourierRequest.revocation(
            certificate: certificate, issuer: issuer, timeout: UInt32(clamping: patience.milliseconds * 14 / 15))
        dialogue.ask(request, within: patience)
        surroundings.scheduler.task { [dialogue] in
            await dialogue.converse(startingWithin: patience) { () async throws(JobError) in
                try await jobs.startCourier(deadline: nil)
            }
        }
    }

    /// It has said all that it can.
    func close() { dialogue.close(within: surroundings.patience.revocation) }

    func kill() { dialogue.kill() }

    private static func status(_ news: CourierDialogue.News, _ log: Log) -> RevocationAnswer {
        switch news {
        case .reply(.revocation(let answer)):
            if answer == .unreachable || answer == .unknown {
                log.info("a certificate's responder: \(answer.rawValue), continuing")
            }
            return answer
        case .reply: log.warning("a courier could not ask for a certificate's revocation, continuing")
        case .lost(let error):
            log.info("a certificate's responder gave no answer in time: \(error), continuing")
        }
        return .unreachable
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
