// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Notifications

/// A board on which nothing is shown, for who has turned notifications off: the bus tells them enough, so all counts as shown.
public struct SilentBoard: NoticeBoard {
    public let events: AsyncStream<NotificationEvent>
    private let told: AsyncStream<NotificationEvent>.Continuation

    public init() {
        (events, told) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    public func show(_ content: NotificationContent) { told.yield(.shown(key: content.key)) }
    public func withdraw(_ key: String) {}
}
