// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The requests of `eonayd` to `eonay-notify`, one at a time; `open` comes first.
public enum NotifyRequest: FrameMessage {
    /// Connect to the session bus. `deadline` says how many milliseconds a server may take to answer before it counts as unavailable.
    case open(application: String, desktopEntry: String, deadline: UInt32)
    /// Show this, in the place of an earlier notification if its server is still there.
    case show(NotificationContent, replacing: NotificationID?)
    /// Take this notification from the screen.
    case close(NotificationID)
}

/// The content of one notification. All texts are plain: characters that a server would take for markup are escaped.
public struct NotificationContent: Codable, Sendable, Equatable {
    public enum Urgency: String, Codable, Sendable {
        case low
        case normal
        /// Servers show it above others and let it stand until it is dismissed.
        case critical
    }

    /// Something to be done from the notification.
    public struct Action: Codable, Sendable, Equatable {
        /// The name that comes back in the event; "default" is a click on the notification itself.
        public var id: String
        public var label: String

        public init(id: String, label: String) {
            self.id = id
            self.label = label
        }
    }

    public enum Lifetime: Codable, Sendable, Equatable {
        case asTheServerLikes
        case untilDismissed
        case milliseconds(Int32)
    }

    /// The key of its subject. Of one key there is one notification: newer content takes the place of older.
    public var key: String
    public var summary: String
    public var body: String
    public var urgency: Urgency
    /// A name of the icon theme or a path; "" for none.
    public var icon: String
    /// Left out where the server does not support any.
    public var actions: [Action]
    public var lifetime: Lifetime

    public init(
        key: String, summary: String, body: String, urgency: Urgency = .normal, icon: String = "",
        actions: [Action] = [], lifetime: Lifetime = .asTheServerLikes
    ) {
        self.key = key
        self.summary = summary
        self.body = body
        self.urgency = urgency
        self.icon = icon
        self.actions = actions
        self.lifetime = lifetime
    }
}

/// A notification server's name for one notification. The number means something to that server alone.
public struct NotificationID: Codable, Sendable, Equatable {
    /// Never 0.
    public var number: UInt32
    /// The server's unique name on the bus.
    public var server: String

    public init(number: UInt32, server: String) {
        self.number = number
        self.server = server
    }
}

/// The messages of `eonay-notify`: one answer to each request, and events in between.
public enum NotifyReply: FrameMessage {
    /// Answers `open`.
    case opened
    /// Answers `show`: the server has taken the content. `hasActions` says whether it shows buttons.
    case shown(NotificationID, hasActions: Bool)
    /// Answers `close`, whatever the server said to it.
    case withdrawn
    /// Answers `show`: no server takes it. The reason is for the log.
    case failed(reason: String)
    /// Event: the server has closed a notification, for a reason as the desktop notifications specification counts them.
    case closed(NotificationID, reason: UInt32)
    /// Event: the person chose an action.
    case action(NotificationID, name: String)
    /// Event: the server's name has another owner; "" for none.
    case serverChanged(owner: String)
}
