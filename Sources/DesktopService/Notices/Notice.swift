// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What the service wants a person to see, before it is a desktop notification.
///
/// Two notices with one key never stand side by side: the newer one takes the older one's place.
struct Notice: Sendable, Equatable {
    enum Urgency: Sendable, Equatable {
        case low, normal, critical
    }

    /// Something that a person can do from the notice; every one is a CLI command, too.
    enum Action: Sendable, Equatable {
        /// Gives E-Onay with this certificate.
        case approve(certificate: String)
        /// Files the renewal at the portal, or opens the issuer's page.
        case renew(certificate: String)
        /// Reminds of these certificates a day later.
        case snooze(certificates: [String])
        /// Cancels the approval that is under way.
        case cancel(approval: String)
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
