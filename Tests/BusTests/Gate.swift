// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Glibc

/// Holds a thread until it is opened.
final class Gate: @unchecked Sendable {  // unchecked: guarded by `mutex`
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isOpen = false
    private var knocks = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func wait() {
        pthread_mutex_lock(mutex)
        while !isOpen { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }

    func open() {
        pthread_mutex_lock(mutex)
        isOpen = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Opens at the `count`-th call.
    func openAfter(_ count: Int) {
        pthread_mutex_lock(mutex)
        knocks += 1
        if knocks == count {
            isOpen = true
            pthread_cond_broadcast(condition)
        }
        pthread_mutex_unlock(mutex)
    }
}

extension Connection {
    /// Keeps the connection's loop at the gate, so that it answers nothing; returns once it is there.
    nonisolated func deafen(_ gate: Gate) async {
        await withCheckedContinuation { continuation in
            loop.post {
                continuation.resume()
                gate.wait()
            }
        }
    }
}
