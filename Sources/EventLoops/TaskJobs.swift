// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The task executor of a thread that is a serial executor too: it only hands jobs in.
///
/// Why two objects for one thread: a job must be run as what it was enqueued for, and `enqueue` is the same function in both
/// protocols. Run with `runSynchronously(isolatedTo:taskExecutor:)`, which is both at once, tasks without a preference get lost in
/// Swift 6.3.1: of 300 tests that await an actor of a loop from the global pool, 20 never go on. And it must be this object itself
/// that tasks are given: where one's `asUnownedTaskExecutor()` names another, `Task(executorPreference:)` retains the one and releases
/// the other.
final class TaskJobs: TaskExecutor {
    private let add: @Sendable (UnownedJob) -> Void

    init(_ add: @escaping @Sendable (UnownedJob) -> Void) {
        self.add = add
    }

    func enqueue(_ job: consuming ExecutorJob) {
        add(UnownedJob(job))
    }
}
