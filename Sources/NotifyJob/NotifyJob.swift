// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CNotify
internal import Glibc
public import JobFrames

/// The job `eonay-notify`: shows notifications by libnotify and reports what the server says of them.
///
/// It keeps nothing: which notification stands under which key, and what is to be shown again, is known to `eonayd`, so this process may end
/// at any time. One thread, on GLib's default main context: a request that arrives is done at once, and blocks for as long as the
/// server takes. `eonayd` sends the next request after the answer.
public final class NotifyJob {
    private let end: JobEnd
    private let loop: OpaquePointer  // GMainLoop
    private var bus: NotificationBus?
    private var application = ""
    private var desktopEntry = ""
    private var deadline: Int32 = 0
    /// Why the conversation broke, if it did.
    private var failure: FrameError?

    public init(end: JobEnd) {
        self.end = end
        loop = g_main_loop_new(nil, 0)
    }

    deinit { g_main_loop_unref(loop) }

    /// Answers until the parent's end is closed. Throws `FrameError` where the conversation itself breaks.
    public func run() throws(FrameError) {
        let condition = GIOCondition(rawValue: G_IO_IN.rawValue | G_IO_HUP.rawValue)
        let watch = g_unix_fd_add(
            end.descriptor, condition, requestArrived, Unmanaged.passUnretained(self).toOpaque())
        g_main_loop_run(loop)
        g_source_remove(watch)
        bus = nil
        if let failure { throw failure }
    }

    fileprivate func answerNext() {
        do throws(FrameError) {
            guard let request = try end.receive(NotifyRequest.self) else { return g_main_loop_quit(loop) }
            try end.send(answer(request))
        } catch {
            stop(error)
        }
    }

    /// Says what happened by itself.
    func report(_ event: NotifyReply) {
        do { try end.send(event) } catch { stop(error) }
    }

    private func stop(_ error: FrameError) {
        failure = error
        g_main_loop_quit(loop)
    }

    private func answer(_ request: NotifyRequest) -> NotifyReply {
        switch request {
        case .open(let application, let desktopEntry, let deadline):
            (self.application, self.desktopEntry) = (application, desktopEntry)
            self.deadline = Int32(clamping: deadline)
            // A bus that cannot be reached is told when something is to be shown.
            _ = try? reachBus()
            return .opened
        case .show(let content, let former):
            do throws(NotificationFailure) { return try show(content, replacing: former) } catch {
                return .failed(reason: error.reason)
            }
        case .close(let id):
            // The server's answer changes nothing: the notification is gone, or the server is.
            if bus?.server == id.server { Bubble(replacing: id.number).close() }
            return .withdrawn
        }
    }

    private func show(
        _ content: NotificationContent, replacing former: NotificationID?
    ) throws(NotificationFailure) -> NotifyReply {
        let server = try reachBus().askServer(milliseconds: deadline)
        let bubble = Bubble(replacing: former?.server == server.owner ? former?.number ?? 0 : 0)
        let number = try bubble.show(content, desktopEntry: desktopEntry, capabilities: server.capabilities)
        return .shown(NotificationID(number: number, server: server.owner), hasActions: server.hasActions)
    }

    private func reachBus() throws(NotificationFailure) -> NotificationBus {
        if let bus { return bus }
        notify_init(application)
        // Unowned: this object holds the bus.
        let bus = try NotificationBus { [unowned self] in self.report($0) }
        self.bus = bus
        return bus
    }
}

/// At file scope: a C callback written where there is isolation would check for it, and trap.
private func requestArrived(_: gint, _: GIOCondition, _ job: gpointer?) -> gboolean {
    Unmanaged<NotifyJob>.fromOpaque(job!).takeUnretainedValue().answerNext()
    return 1  // G_SOURCE_CONTINUE
}
