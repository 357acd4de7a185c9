// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

/// A message for a person, before it is a desktop notification.
///
/// Two notices with one key never stand side by side: the newer one takes the older one's place.
struct Notice: Sendable, Equatable {
    enum Urgency: Sendable, Equatable {
        case low, normal, critical
    }

    /// Something that a person can do from the notice. What changes something is a CLI command, too.
    enum Action: Sendable, Equatable {
        /// Gives E-Onay with this certificate.
        case approve(certificate: String)
        /// Files the renewal at the portal, or opens the issuer's page.
        case renew(certificate: String)
        /// Opens the issuer's page on which a locked PIN is unlocked.
        case unlock(certificate: String)
        /// Opens the issuer's page on which a new certificate is opened and its PIN fetched.
        case fetchPIN(certificate: String)
        /// Reminds of these certificates a day later.
        case snooze(certificates: [String])
        /// Cancels the approval that is under way.
        case cancel(approval: String)
        /// Opens the page that has the driver of these cards.
        case driver(CardFamily)
    }

    struct Button: Sendable, Equatable {
        var label: String
        var action: Action
    }

    var key: String
    var summary: String
    var body: String
    var urgency: Urgency = .normal
    var buttons: [Button] = []
    /// Stays until the person or the service takes it away.
    var isPersistent = false
}

extension Notice.Action {
    /// How a button is named to the notification server. It says what the button does and with what, for a bubble may be clicked in the
    /// server's history long after another one has taken its place.
    var id: String {
        switch self {
        case .approve(let certificate): "approve:\(certificate)"
        case .renew(let certificate): "renew:\(certificate)"
        case .unlock(let certificate): "unlock:\(certificate)"
        case .fetchPIN(let certificate): "fetch-pin:\(certificate)"
        case .snooze: "snooze"
        case .cancel(let approval): "cancel:\(approval)"
        case .driver(let family): "driver:\(family.rawValue)"
        }
    }

    /// The meaning of a click; nil where it has none (any more). The notice that stands says which reminders are put off.
    init?(id: String, on notice: Notice?) {
        if let button = notice?.buttons.first(where: { $0.action.id == id }) {
            self = button.action
            return
        }
        let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "approve": self = .approve(certificate: parts[1])
        case "renew": self = .renew(certificate: parts[1])
        case "unlock": self = .unlock(certificate: parts[1])
        case "fetch-pin": self = .fetchPIN(certificate: parts[1])
        case "cancel": self = .cancel(approval: parts[1])
        case "driver":
            guard let family = CardFamily(rawValue: parts[1]) else { return nil }
            self = .driver(family)
        default: return nil
        }
    }
}
