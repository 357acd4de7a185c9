// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A thread with one job, which can be waited for once.
final class CardThread: Sendable {
    private let thread: Mutex<pthread_t?>

    init(_ job: @escaping @Sendable () -> Void) throws {
        final class Job: Sendable {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var thread = pthread_t()
        let job = Unmanaged.passRetained(Job(job))
        let error = pthread_create(
            &thread, nil,
            { argument in
                argument.map { Unmanaged<Job>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, job.toOpaque())
        if error != 0 {
            job.release()
            throw SystemError(code: error, call: "pthread_create")
        }
        self.thread = Mutex(thread)
    }

    /// Waits for the job's end. Later calls return at once.
    func join() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
    }
}
