// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// How a certificate can be renewed.
enum RenewalWay: Equatable {
    /// As `Renew`, at the portal where its holder's accepted E-Onay stands.
    case portal(Origin)
    /// On its issuer's page.
    case page(String)
}

extension CertificateRegistry {
    /// The way that needs the fewest steps; nil where there is none.
    ///
    /// An E-Onay that was given on another computer is not known here, so without a decision the first portal is tried, which
    /// says whether one stands. A person who declined wants no portal that applies by it.
    func renewalWay(of id: String, by configuration: DesktopConfiguration, at now: Int64) -> RenewalWay? {
        guard let entry = self[id] else { return nil }
        let decision = decision(for: id)
        let portals = configuration.portals.map(\.origin)
        let portal = decision == nil ? portals.first : portals.first { $0.text == decision?.portal }
        let declined = decision?.decision == Decision.decline.rawValue
        if let portal, !declined, entry.hindrances(at: now).isEmpty { return .portal(portal) }
        return configuration.renewalPage(ofIssuer: entry.known.issuer).map { .page($0) }
    }

    /// The facts of these for a notice, in their order; those that are not known are left out.
    func subjects(_ ids: [String], in window: RenewalWindow, at now: Int64) -> [NoticeTexts.Subject] {
        ids.compactMap { self[$0] }.map { entry in
            NoticeTexts.Subject(
                id: entry.known.id, holder: entry.known.holder, notAfter: entry.known.notAfter,
                notBefore: entry.known.notBefore, daysLeft: entry.validity.daysLeft(at: now),
                phase: window.phase(of: entry.validity, at: now), hindrances: entry.hindrances(at: now),
                hasFiledRenewal: hasFiledRenewal(entry.known.id))
        }
    }

    /// The facts of a card for its notice: of its certificates to sign with, if there are any, else of all.
    func subjects(on token: CardToken, in window: RenewalWindow, at now: Int64) -> [NoticeTexts.Subject] {
        let qualified = token.certificates.filter { self[$0]?.known.qualified == true }
        return subjects(qualified.isEmpty ? token.certificates : qualified, in: window, at: now)
    }

    /// The offers of a reminder of these: an E-Onay and a renewal, each with the first certificate that can have it.
    func offers(for subjects: [NoticeTexts.Subject], by configuration: DesktopConfiguration, at now: Int64)
        -> NoticeTexts.Offers
    {
        let approvable = subjects.first { $0.hindrances.isEmpty && decision(for: $0.id) == nil }
        let renewable = subjects.first {
            $0.phase != .expired && !$0.hasFiledRenewal && renewalWay(of: $0.id, by: configuration, at: now) != nil
        }
        return NoticeTexts.Offers(approve: configuration.portals.isEmpty ? nil : approvable?.id, renew: renewable?.id)
    }
}
