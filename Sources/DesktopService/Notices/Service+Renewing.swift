// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Jobs
import Store

/// "Yenile" in a reminder.
extension Service {
    /// How a certificate can be renewed.
    enum RenewalWay: Equatable {
        /// As `Renew`, at the portal where its holder's accepted E-Onay stands.
        case portal(Origin)
        /// On its issuer's page.
        case page(String)
    }

    /// The way that needs the fewest steps; nil where there is none.
    func renewalWay(of id: String) -> RenewalWay? {
        guard let entry = book[id] else { return nil }
        if entry.hindrances(at: parts.alarm.now()).isEmpty, let decision = book.decision(for: id),
            decision.decision == Decision.accept.rawValue,
            let portal = parts.configuration.portals.first(where: { $0.origin.text == decision.portal })
        {
            return .portal(portal.origin)
        }
        return parts.configuration.renewalPage(ofIssuer: entry.known.issuer).map { .page($0) }
    }

    /// Looks anew: between the reminder and the click an E-Onay may have been given or withdrawn.
    func renewFromNotice(_ id: String) {
        switch renewalWay(of: id) {
        case .portal(let origin):
            beginFromNotice(.renew, id, portal: origin.text)
        case .page(let page):
            task {
                do throws(JobError) { try await self.parts.jobs.open(page: page) } catch {
                    self.parts.log.error("could not open the renewal page: \(error), continuing")
                }
            }
        case nil: break
        }
    }
}
