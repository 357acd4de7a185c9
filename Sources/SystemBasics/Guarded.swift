// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Glibc

/// A value behind a lock that any thread may take for a moment, and a condition to wait for.
///
/// A pthread mutex and not `Synchronization.Mutex`: that one has no condition, and ThreadSanitizer does not see it on Linux and would
/// report races that are none. Inlinable, because the loops take it for every job.
public final class Guarded<Value>: @unchecked Sendable {  // unchecked: `value` is touched only while `mutex` is held
    @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
    @usableFromInline let condition: UnsafeMutablePointer<pthread_cond_t>
    @usableFromInline var value: Value

    @inlinable
    public init(_ value: sending Value) {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        self.value = value
    }

    @inlinable
    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the lock held; it must not block or call out.
    @inlinable
    public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Changes the value and wakes one thread that waits in `wait(for:)`.
    @inlinable
    public func signal(_ change: (inout Value) -> Void) {
        withLock(change)
        pthread_cond_signal(condition)
    }

    /// Blocks until `take` finds what it looks for.
    @inlinable
    public func wait<Result>(for take: (inout Value) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = take(&value) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }
}
