// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store
import Texts

extension NoticeTexts {
    /// A certificate is not as it was: what it is now, since when and why, and the one thing to do.
    ///
    /// - Parameter page: where its issuer has certificates opened; nil where that is not known.
    func revocation(
        _ now: KnownRevocation, after before: KnownRevocation, of certificate: KnownCertificate, page: String?
    ) -> Notice {
        var notice = Notice(
            key: Self.revocationKey(certificate.id), summary: "", body: "", isPersistent: now.isTrouble)
        var lines = [texts.holder(certificate.holder)]
        switch now.state {
        case .suspended where now.isNotOpenedYet:
            notice.summary = texts.text("Your certificate is not open yet")
            lines.append(texts.text("A new certificate cannot be used until you have opened it."))
            lines.append(
                page.map { texts.text("Open it at %1", $0) }
                    ?? texts.text("Open it on its issuer's page: %1", certificate.issuer))
            if page != nil {
                notice.buttons = [.init(label: texts.text("Open"), action: .fetchPIN(certificate: certificate.id))]
            }
        case .suspended:
            notice.summary = texts.text("Your certificate is suspended")
            lines.append(state(of: now))
            lines.append(
                texts.text("It can be used again when the suspension has been lifted by: %1", certificate.issuer))
        case .revoked:
            notice.summary = texts.text("Your certificate was revoked")
            notice.urgency = .critical
            lines.append(state(of: now))
            let reason = now.reason.map(texts.reason) ?? ""
            if !reason.isEmpty { lines.append(texts.text("Reason: %1", reason)) }
            lines.append(texts.text("It cannot be used any more. Apply for a new one to: %1", certificate.issuer))
        case .good, .unknown:
            notice.summary =
                before.isNotOpenedYet
                ? texts.text("Your certificate is open") : texts.text("Your certificate can be used again")
            lines.append(
                before.isNotOpenedYet
                    ? texts.text("It can be used from now on.") : texts.text("The suspension has been lifted."))
        }
        notice.body = lines.joined(separator: "\n")
        return notice
    }

    /// "Suspended since 28 November 2026", of one that is suspended or revoked.
    func state(of revocation: KnownRevocation) -> String {
        let date = revocation.since > 0 ? texts.day(revocation.since) : ""
        if revocation.isNotOpenedYet { return texts.text("Not open yet, so it cannot be used") }
        if revocation.state == .suspended {
            return date.isEmpty ? texts.text("Suspended") : texts.text("Suspended since %1", date)
        }
        return date.isEmpty ? texts.text("Revoked") : texts.text("Revoked on %1", date)
    }
}
