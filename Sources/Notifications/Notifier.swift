// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc
internal import Synchronization

/// Shows desktop notifications (org.freedesktop.Notifications, by libnotify) and tells what became of them.
///
/// Its calls may come from any thread and return at once: libnotify blocks, for as long as its server likes, so all of it
/// lives on a thread of its own, which starts with the first notification. One notifier per process: libnotify keeps one
/// connection for all, tied to the thread that used it first.
public final class Notifier: Sendable {
    /// What became of notifications; for one reader. Ends with `stop`.
    public let events: AsyncStream<NotificationEvent>

    private let application: NotificationDesk.Application
    private let continuation: AsyncStream<NotificationEvent>.Continuation
    private let state = Mutex(State.idle)

    private enum State {
        case idle
        case running(NotificationDesk)
        case stopped
    }

    /// - Parameters:
    ///   - application: the name that servers show.
    ///   - desktopEntry: the id of its desktop file, by which servers group notifications and find settings for them.
    ///   - deadline: how many seconds a server may take to answer before it counts as unavailable. Long, because the
    ///     answer may have to wait for the server's own start.
    public init(application: String, desktopEntry: String, deadline: Double = 15) {
        self.application = .init(
            name: application, desktopEntry: desktopEntry, milliseconds: Int32(max(1, min(deadline, 3600)) * 1000))
        // Only a server gone mad fills this; then the newest events count.
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    /// Shows a notification, in the place of the one with the same key where there is one.
    public func show(_ content: NotificationContent) {
        desk(startingIfNeeded: true)?.take(.show(content))
    }

    /// Takes a notification away; it is moot. Nothing happens where there is none with that key.
    public func withdraw(_ key: String) {
        desk(startingIfNeeded: false)?.take(.withdraw(key))
    }

    /// Withdraws all notifications and ends the thread. Waits for that no longer than `milliseconds`: a server that hangs
    /// must not keep the process.
    public func stop(waitingAtMost milliseconds: Int32 = 500) {
        let running = state.withLock { state -> NotificationDesk? in
            defer { state = .stopped }
            if case .running(let desk) = state { return desk }
            return nil
        }
        guard let running else { return continuation.finish() }
        var ends: [Int32] = [-1, -1]
        // A socket pair as a pipe that is closed on exec from its first moment: Glibc's module does not show pipe2.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return running.close {} }
        let (mine, itsOwn) = (ends[0], ends[1])
        running.close { close(itsOwn) }
        var end = pollfd(fd: mine, events: Int16(POLLIN), revents: 0)
        poll(&end, 1, milliseconds)
        close(mine)
    }

    private func desk(startingIfNeeded: Bool) -> NotificationDesk? {
        state.withLock { state in
            switch state {
            case .running(let desk): return desk
            case .stopped: return nil
            case .idle:
                guard startingIfNeeded else { return nil }
                // The thread's main context takes one for itself (see `NotificationDesk`).
                guard Descriptors.haveRoom(for: 2 * NotificationDesk.descriptorsOfACall) else {
                    continuation.yield(.unavailable("no descriptor is left"))
                    return nil
                }
                do {
                    let desk = NotificationDesk(
                        application, thread: try GLibThread(name: "notify"), events: continuation)
                    state = .running(desk)
                    return desk
                } catch {
                    continuation.yield(.unavailable("\(error)"))
                    return nil
                }
            }
        }
    }
}
