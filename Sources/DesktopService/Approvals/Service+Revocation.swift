// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs

/// The certificate's own responder is asked before the PIN is: nobody types it for a certificate that was revoked.
///
/// A courier of its own does that, beside the one that talks to the portal: neither waits for the other, and the address,
/// which comes from a card, is not visited by a process that knows a session.
extension Service {
    /// Whether there is somebody to be asked, as the card was read.
    func namesResponder(_ id: String) -> Bool {
        guard let description = cards.token(holding: id)?.description else { return false }
        return description.certificates.first { $0.id == id }?.ocsp.isEmpty == false
    }

    func checkRevocation(of approval: Approval) {
        // So much less than we wait that it can still say that it has reached nobody.
        let patience = parts.patience.revocation
        let request = RevocationRequest(
            certificate: approval.certificate, issuer: approval.issuer,
            timeout: UInt32(clamping: patience.milliseconds * 14 / 15))
        let courier = CourierDialogue(on: loop) { news in
            // It has said all that it can.
            approval.revocation?.close(within: patience)
            let status = self.status(news)
            let isSuspended = status == .suspended
            self.handle(
                .revocationChecked(isRevoked: status == .revoked || isSuspended, isSuspended: isSuspended),
                of: approval)
        }
        approval.revocation = courier
        courier.ask(.revocation(request), within: patience)
        task {
            await courier.converse(startingWithin: patience) { () async throws(JobError) in
                try await self.parts.jobs.startCourier(deadline: nil)
            }
        }
    }

    private func status(_ news: CourierDialogue.News) -> RevocationAnswer.Status {
        switch news {
        case .reply(.revocation(let answer)):
            if answer.status == .unreachable || answer.status == .unknown {
                parts.log.info("a certificate's responder: \(answer.status.rawValue), continuing")
            }
            return answer.status
        case .reply:
            parts.log.warning("a courier could not ask for a certificate's revocation, continuing")
        case .lost(let error):
            parts.log.info("a certificate's responder gave no answer in time: \(error), continuing")
        }
        return .unreachable
    }
}
