// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Store

/// The last word of a certificate's responder. Times are UTC seconds since 1970.
struct KnownRevocation: Sendable, Equatable {
    var state = RevocationState.unknown
    /// The beginning of a suspension or revocation; 0: none, or not told.
    var since: Int64 = 0
    /// Why; nil: it is good, or that was not told.
    var reason: RevocationReason?
    /// When the responder knew this to be right; 0: it has said nothing yet.
    var thisUpdate: Int64 = 0
    /// When it was asked; 0: never, or it did not answer.
    var askedAt: Int64 = 0
    /// Whether it has ever said that the certificate is good. A new one is suspended until its holder opens it.
    var wasGood = false

    /// Suspended, and never known to be anything else.
    var isNotOpenedYet: Bool { state == .suspended && !wasGood }

    /// Whether the certificate cannot be used because of it.
    var isTrouble: Bool { state == .suspended || state == .revoked }

    /// Whether a person should hear of this, who knows what was before. That all is well from the beginning is no news.
    func isNews(after before: KnownRevocation) -> Bool {
        state != before.state && state != .unknown && !(state == .good && before.state == .unknown)
    }
}

extension KnownRevocation {
    /// As the record has it. A word of a newer version that this one does not know means "unknown".
    init(_ stored: StoredRevocation) {
        self.init(
            state: RevocationState(rawValue: stored.state) ?? .unknown, since: stored.since,
            reason: RevocationReason(rawValue: stored.reason), thisUpdate: stored.thisUpdate, askedAt: stored.askedAt,
            wasGood: stored.wasGood)
    }

    /// As the record is to have it.
    var stored: StoredRevocation {
        StoredRevocation(
            state: state.rawValue, since: since, reason: reason?.rawValue ?? "", thisUpdate: thisUpdate,
            askedAt: askedAt, wasGood: wasGood)
    }
}

extension Revocations.Rules {
    init(_ configuration: DesktopConfiguration) {
        self.init(areAsked: configuration.asksResponders, deadline: .seconds(configuration.responderDeadline))
    }
}
