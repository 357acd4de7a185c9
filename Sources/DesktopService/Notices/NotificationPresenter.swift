// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import JobFrames
public import Notifications

/// Where notices are shown.
public protocol NotificationPresenter: Sendable {
    /// Their fate, for one reader.
    var events: AsyncStream<NotificationEvent> { get }

    /// Takes over what an earlier run has left on the screen. Notices with one of the `keys` stay until they are shown anew, and are given;
    /// all others go.
    func inherit(_ keys: Set<String>) async -> Set<String>

    /// A notice is likely to come in a moment: what it takes may be made ready.
    func prepare()

    /// Shows a notice, in place of the one with the same key. Returns at once; never fails the caller.
    func show(_ content: NotificationContent)

    /// Takes a notice away if it is still there.
    func withdraw(_ key: String)
}

extension Notifier: NotificationPresenter {}
