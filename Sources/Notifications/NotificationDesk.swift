// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CNotify
internal import EventLoops

/// All of libnotify, on its own thread: which notifications are shown, on which server, and what was shown before.
///
/// libnotify forgets a notification as soon as it is closed. Servers that keep a history offer its actions further, and
/// tell of them by the same id; so the desk remembers ids after the close and listens to the server's signal itself.
actor NotificationDesk {
    /// How the program is called, and how long it waits.
    struct Application: Sendable {
        var name: String
        var desktopEntry: String
        var milliseconds: Int32
    }

    /// How many closed notifications are remembered for their actions' sake.
    static let historyCapacity = 64

    nonisolated let thread: GLibThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    let events: AsyncStream<NotificationEvent>.Continuation
    var server: NotificationServer?
    var shown: [String: ShownNotification] = [:]
    /// Closed ones that the server may still know, oldest first.
    var history: [(id: UInt32, key: String)] = []

    private let application: Application
    private nonisolated let inbox = NotificationInbox()
    private var bus: NotificationBus?
    /// What waits for a server, the oldest first; of each key the newest.
    var unshown: [NotificationContent] = []
    private var hasToldUnavailable = false
    private var isWaitingForRoom = false

    /// What a call of libnotify may open for a moment, the connection to the bus included, and some more.
    static let descriptorsOfACall = 8
    /// How long to wait before each further look for descriptors, in milliseconds.
    private static let patience: UInt32 = 2000

    init(_ application: Application, thread: GLibThread, events: AsyncStream<NotificationEvent>.Continuation) {
        self.application = application
        self.thread = thread
        self.events = events
    }

    /// Has a request done on the thread, in the order of calls.
    nonisolated func take(_ request: NotificationInbox.Request) {
        inbox.put(request)
        thread.post { self.assumeIsolated { $0.work() } }
    }

    /// Withdraws all notifications and ends the thread, then calls `whenDone` there.
    nonisolated func close(_ whenDone: @escaping @Sendable () -> Void) {
        thread.post {
            self.assumeIsolated { desk in
                for key in desk.shown.keys.sorted() where Descriptors.haveRoom(for: Self.descriptorsOfACall) {
                    desk.withdraw(key)
                }
                desk.bus = nil
                notify_uninit()
                desk.events.finish()
                desk.thread.end()
            }
            whenDone()
        }
    }

    /// A server has taken the name: it may show what none could before.
    func serverCame() {
        inbox.putBack(unshown)
        unshown = []
        work()
    }

    private func work() {
        while hasRoom(), let request = inbox.next() {
            switch request {
            case .show(let content): show(content)
            case .withdraw(let key): withdraw(key)
            }
        }
    }

    /// GLib ends the process where it finds no descriptor for the main context that each of its blocking calls makes. What is to
    /// be done waits for better times then, which nothing tells.
    private func hasRoom() -> Bool {
        if Descriptors.haveRoom(for: Self.descriptorsOfACall) { return true }
        tellUnavailable("no descriptor is left")
        if !isWaitingForRoom {
            isWaitingForRoom = true
            thread.post(afterMilliseconds: Self.patience) {
                self.assumeIsolated { desk in
                    desk.isWaitingForRoom = false
                    desk.work()
                }
            }
        }
        return false
    }

    private func tellUnavailable(_ reason: String) {
        if !hasToldUnavailable { events.yield(.unavailable(reason)) }
        hasToldUnavailable = true
    }

    private func show(_ content: NotificationContent) {
        unshown.removeAll { $0.key == content.key }
        do throws(NotificationFailure) {
            let server = try reachServer()
            let notification =
                shown[content.key] ?? ShownNotification(content, replacing: lastID(content.key), desk: self)
            try notification.show(
                content, desktopEntry: application.desktopEntry, capabilities: server.capabilities)
            shown[content.key] = notification
            // A server that had gone may have taken an older one of the kind with it.
            unshown.removeAll { $0.key == content.key }
            history.removeAll { $0.key == content.key }
            events.yield(.shown(key: content.key))
            hasToldUnavailable = false
            inbox.putBack(unshown)
            unshown = []
        } catch {
            keep(content)
            tellUnavailable(error.reason)
        }
    }

    /// Has it shown when a server comes, unless it is withdrawn before.
    func keep(_ content: NotificationContent) {
        unshown.removeAll { $0.key == content.key }
        unshown = (unshown + [content]).suffix(NotificationInbox.capacity)
    }

    private func withdraw(_ key: String) {
        unshown.removeAll { $0.key == key }
        history.removeAll { $0.key == key }
        guard let notification = shown.removeValue(forKey: key) else { return }
        notification.close()
        events.yield(.closed(key: key, reason: .withdrawn))
    }

    /// Makes sure that a server is there, and forgets what only another one knew.
    private func reachServer() throws(NotificationFailure) -> NotificationServer {
        let bus = try reachBus()
        let current = try bus.askServer(milliseconds: application.milliseconds)
        if current.owner != server?.owner {
            serverWent()
            if !current.capabilities.contains("actions") { events.yield(.withoutActions) }
        }
        server = current
        return current
    }

    private func reachBus() throws(NotificationFailure) -> NotificationBus {
        if let bus { return bus }
        notify_init(application.name)
        let bus = try NotificationBus(desk: self)
        self.bus = bus
        return bus
    }

    private func lastID(_ key: String) -> UInt32 {
        history.last { $0.key == key }?.id ?? 0
    }
}
