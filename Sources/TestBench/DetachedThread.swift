// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Runs a job that blocks on a thread of its own.
func detachThread(_ job: @escaping @Sendable () -> Void) throws {
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
    guard error == 0 else {
        job.release()
        throw SystemFailure("pthread_create", code: error)
    }
    pthread_detach(thread)
}
