// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What one notification is to show. All texts are plain: what a server would take for markup is escaped.
public struct NotificationContent: Sendable, Equatable {
    public enum Urgency: Sendable {
        case low
        case normal
        /// Servers show it above others and let it stand until it is dismissed.
        case critical
    }

    /// Something to be done from the notification.
    public struct Action: Sendable, Equatable {
        /// What comes back in the event; "default" is a click on the notification itself.
        public var id: String
        public var label: String

        public init(id: String, label: String) {
            self.id = id
            self.label = label
        }
    }

    public enum Lifetime: Sendable, Equatable {
        case asTheServerLikes
        case untilDismissed
        case milliseconds(Int32)
    }

    /// What it is about. Of one key there is one notification: newer content takes the place of older.
    public var key: String
    public var summary: String
    public var body: String
    public var urgency: Urgency
    /// A name of the icon theme or a path; "" for none.
    public var icon: String
    /// Left out where the server does not support any.
    public var actions: [Action]
    public var lifetime: Lifetime
    /// Whether it stays when one of its actions was chosen.
    public var isResident: Bool

    public init(
        key: String, summary: String, body: String, urgency: Urgency = .normal, icon: String = "",
        actions: [Action] = [], lifetime: Lifetime = .asTheServerLikes, isResident: Bool = false
    ) {
        self.key = key
        self.summary = summary
        self.body = body
        self.urgency = urgency
        self.icon = icon
        self.actions = actions
        self.lifetime = lifetime
        self.isResident = isResident
    }
}
