// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The fate of a notification.
public enum NotificationEvent: Sendable, Equatable {
    /// The server has taken the content; where newer content came at once, only that is shown and reported.
    case shown(key: String)
    /// The person chose an action, on the bubble or later in the server's history.
    case action(key: String, id: String)
    /// The bubble is gone. (One that stays until it is dismissed, and went with its server, is shown again by the next one; `shown`
    /// alone reports that.) Its actions may still be chosen where the server keeps a history, unless it was withdrawn.
    case closed(key: String, reason: ClosedReason)
    /// Nothing can be shown, and why, for the log. Reported once until something was shown again. A notification that could not be shown
    /// is kept, and shown when a server comes, unless it is withdrawn before.
    case unavailable(String)
    /// The server shows no actions. Reported once for each server.
    case withoutActions

    public enum ClosedReason: String, Sendable {
        case expired
        case dismissed
        case withdrawn
        case serverGone = "server-gone"
        case undefined

        /// As the desktop notifications specification counts them ("NotificationClosed").
        init(number: UInt32) {
            self =
                switch number {
                case 1: .expired
                case 2: .dismissed
                case 3: .withdrawn
                default: .undefined
                }
        }
    }
}
