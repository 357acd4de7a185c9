// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
