// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Notifications

/// A board on which nothing is shown, for who has turned notifications off.
public struct SilentBoard: NoticeBoard {
    public let events: AsyncStream<NotificationEvent>

    public init() {
        events = AsyncStream { $0.finish() }
    }

    public func show(_ content: NotificationContent) {}
    public func withdraw(_ key: String) {}
}
