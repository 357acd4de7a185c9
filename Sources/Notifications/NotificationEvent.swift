// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What became of notifications.
public enum NotificationEvent: Sendable, Equatable {
    /// The server has taken the content; where newer content came at once, only that is shown and told.
    case shown(key: String)
    /// The person chose an action, on the bubble or later in the server's history.
    case action(key: String, id: String)
    /// The bubble is gone. (One that stays until it is dismissed, and went with its server, is shown again by the next one; that is told
    /// by `shown` alone.) Its actions may still be chosen where the server keeps a history, unless it was withdrawn.
    case closed(key: String, reason: ClosedReason)
    /// Nothing can be shown, and why, for the log. Told once until something was shown again. What could not be shown
    /// is kept, and shown when a server comes, unless it is withdrawn before.
    case unavailable(String)
    /// The server shows no actions. Told once for each server.
    case withoutActions

    public enum ClosedReason: String, Sendable {
        case expired
        case dismissed
        case withdrawn
        case serverGone = "server-gone"
        case undefined
    }
}
