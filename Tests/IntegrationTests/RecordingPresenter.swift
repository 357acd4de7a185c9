// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import DesktopService
import JobFrames
import Notifications
import Synchronization

/// A board that shows nothing to anybody and remembers all of it.
final class RecordingPresenter: NotificationPresenter {
    let events: AsyncStream<NotificationEvent>
    private let continuation: AsyncStream<NotificationEvent>.Continuation
    private let state: Mutex<State>

    private struct State {
        var isAway: Bool
        var waiting: [NotificationContent] = []
        var shown: [NotificationContent] = []
        var withdrawn: [String] = []
    }

    /// - Parameter isAway: there is no notification server, until `come()`.
    init(isAway: Bool = false) {
        (events, continuation) = AsyncStream.makeStream()
        state = Mutex(State(isAway: isAway))
    }

    var shown: [NotificationContent] { state.withLock { $0.shown } }
    var withdrawn: [String] { state.withLock { $0.withdrawn } }

    func inherit(_ keys: Set<String>) async -> Set<String> { [] }
    func prepare() {}

    func show(_ content: NotificationContent) {
        let event: NotificationEvent? = state.withLock { state in
            guard state.isAway else {
                state.shown.append(content)
                return .shown(key: content.key)
            }
            state.waiting.append(content)
            return state.waiting.count == 1 ? .unavailable("nobody shows anything") : nil
        }
        if let event { continuation.yield(event) }
    }

    func withdraw(_ key: String) {
        state.withLock { state in
            state.waiting.removeAll { $0.key == key }
            state.withdrawn.append(key)
        }
    }

    /// A server comes, and shows what has waited: of each key the newest.
    func come() {
        let shown = state.withLock { state in
            let newest = state.waiting.indices.filter { index in
                !state.waiting[(index + 1)...].contains { $0.key == state.waiting[index].key }
            }.map { state.waiting[$0] }
            (state.isAway, state.waiting) = (false, [])
            state.shown += newest
            return newest
        }
        for content in shown { continuation.yield(.shown(key: content.key)) }
    }

    /// The person presses a button, or closes the bubble.
    func tell(_ event: NotificationEvent) { continuation.yield(event) }
}
