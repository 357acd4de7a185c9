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
    ///
    /// An E-Onay that was given on another computer is not known here, so without a decision the first portal is tried, which
    /// says whether one stands. Whoever declined wants no portal that applies by it.
    func renewalWay(of id: String) -> RenewalWay? {
        guard let entry = registry[id] else { return nil }
        let decision = registry.decision(for: id)
        let portals = parts.configuration.portals.map(\.origin)
        let portal = decision == nil ? portals.first : portals.first { $0.text == decision?.portal }
        let declined = decision?.decision == Decision.decline.rawValue
        if let portal, !declined, entry.hindrances(at: parts.alarm.now()).isEmpty { return .portal(portal) }
        return parts.configuration.renewalPage(ofIssuer: entry.known.issuer).map { .page($0) }
    }

    /// Looks anew: between the reminder and the click an E-Onay may have been given or withdrawn.
    func renewFromNotice(_ id: String) {
        // The second half of a double click.
        guard !approvals.values.contains(where: { isUnfinished($0, .renew, with: id) }) else { return }
        if registry.hasFiledRenewal(id) { return showStanding(of: id, renewal: true) }
        switch renewalWay(of: id) {
        case .portal(let origin):
            beginFromNotice(.renew, id, portal: origin.text)
        case .page(let page):
            task {
                do throws(JobError) { try await self.parts.jobs.open(page: page) } catch {
                    self.parts.log.error("could not open the renewal page: \(error), continuing")
                    self.showRefusal(.internal)
                }
            }
        case nil: showRefusal(.portalNotConfigured)
        }
    }
}
