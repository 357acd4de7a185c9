// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc

/// Waits for a person: until a descriptor has something to read, the deadline passes, the caller goes or a signal comes.
///
/// SIGINT, SIGTERM, SIGHUP and SIGQUIT are held back from the thread while it exists, so that a prompt can put the terminal
/// right first; they take effect when it goes. It is made and dropped by the thread that waits.
public final class Waiter {
    private let timer: Int32
    private let signals: Int32
    private let abandonment: Int32?
    private var formerMask = sigset_t()

    /// - Parameters:
    ///   - milliseconds: from now, time asleep counted; more than a prompt can live is as good as none.
    ///   - abandonment: readable, or closed at its other end, once nobody wants the answer any more.
    public init(milliseconds: Int64, abandonment: Int32? = nil) throws(PromptError) {
        var held = sigset_t()
        sigemptyset(&held)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&held, signal) }
        self.abandonment = abandonment
        timer = cprocess_timer(max(0, milliseconds))
        signals = cprocess_pending_signals(&held)
        pthread_sigmask(SIG_BLOCK, &held, &formerMask)
        guard timer >= 0, signals >= 0 else { throw .unavailable("no descriptors") }
    }

    deinit {
        close(timer)
        close(signals)
        pthread_sigmask(SIG_SETMASK, &formerMask, nil)
    }

    /// Whether the deadline has passed.
    public var isOver: Bool { isReadable(timer) }

    /// Whole seconds until the deadline.
    var secondsLeft: Int64 { cprocess_timer_left(timer) / 1000 }

    /// Returns once the descriptor has something to read or has been closed at its other end.
    ///
    /// Any other end of the wait is thrown, and goes before: a PIN that arrives with the deadline comes too late.
    func waitUntilReadable(_ descriptor: Int32) throws(PromptError) {
        var waits = [descriptor, timer, signals, abandonment ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while poll(&waits, nfds_t(waits.count), -1) < 0 {
            guard errno == EINTR else { throw .unavailable("poll") }
        }
        if waits[2].revents != 0 { throw .interrupted }
        if waits[3].revents != 0 { throw .abandoned }
        if waits[1].revents != 0 { throw .timedOut }
    }

    private func isReadable(_ descriptor: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, 0) > 0
    }
}
