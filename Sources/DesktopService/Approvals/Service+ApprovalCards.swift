// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore

/// Approvals and the cards that they need: in a reader, on their way, or not to be had.
extension Service {
    /// Begins with what is known of the card; one that is just being read is waited for, since it may be the one.
    func beginWithCard(_ approval: Approval) {
        approval.awaitsReading = false
        if facts(for: approval.request.certificate) != nil {
            give(approval)
        } else if cards.isReading {
            approval.awaitsReading = true
        } else {
            handle(.beginWithoutToken(ApprovalFailure(cards.absence)), of: approval)
        }
    }

    /// To be called when a card has been read, or could not be, or went, or when it has become known that there is none.
    func cardsChanged() {
        for approval in approvals.values.sorted(by: { $0.number < $1.number }) {
            if approval.awaitsReading {
                beginWithCard(approval)
            } else if approval.status.state == .waitingForToken {
                // Else what stands in the way may have changed, and its notice says what.
                if facts(for: approval.request.certificate) != nil { give(approval) } else { showProgress(approval) }
            }
        }
    }

    /// Lets an approval have its card, unless another one has it: two that wait may turn out to want the same.
    private func give(_ approval: Approval) {
        guard let facts = facts(for: approval.request.certificate) else { return }
        let isTaken = approvals.values.contains {
            $0.usesToken && uses($0, sameCardAs: approval.request.certificate)
        }
        if isTaken {
            let failure = ApprovalFailure(.tokenBusy, detail: ApprovalFailure.anotherApproval)
            handle(.tokenUnavailable(failure), of: approval)
        } else if approval.status.state == .waitingForToken {
            handle(.tokenInserted(facts), of: approval)
        } else {
            handle(.begin(facts), of: approval)
        }
    }
}
