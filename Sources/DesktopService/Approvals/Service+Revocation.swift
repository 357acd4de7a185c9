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
    /// How long the PIN prompt waits for the responder.
    private static let revocationPatience: Duration = .seconds(3)
    /// What the courier is told: so much less that it can still say that it has reached nobody.
    private static let revocationTimeout: UInt32 = 2800

    /// Whether there is somebody to be asked, as the card was read.
    func namesResponder(_ id: String) -> Bool {
        guard let description = token(of: id)?.description else { return false }
        return description.certificates.first { $0.id == id }?.ocsp.isEmpty == false
    }

    func checkRevocation(of approval: Approval) {
        let request = RevocationRequest(
            certificate: approval.certificate, issuer: approval.issuer, timeout: Self.revocationTimeout)
        task {
            let status = await self.revocation(request)
            let isSuspended = status == .suspended
            self.handle(
                .revocationChecked(isRevoked: status == .revoked || isSuspended, isSuspended: isSuspended),
                of: approval)
        }
    }

    private func revocation(_ request: RevocationRequest) async -> RevocationAnswer.Status {
        do throws(JobError) {
            let courier = try await parts.jobs.startCourier(deadline: Self.revocationPatience)
            let reply = try await courier.ask(.revocation(request))
            await courier.job.close()
            guard case .revocation(let answer) = reply else {
                parts.log.warning("a courier could not ask for a certificate's revocation, continuing")
                return .unreachable
            }
            if answer.status == .unreachable || answer.status == .unknown {
                parts.log.info("a certificate's responder: \(answer.status.rawValue), continuing")
            }
            return answer.status
        } catch {
            parts.log.info("a certificate's responder gave no answer in time: \(error), continuing")
            return .unreachable
        }
    }
}
