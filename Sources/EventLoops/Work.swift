// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Something to be done on an executor's thread.
enum Work {
    case closure(@Sendable () -> Void)
    /// Enqueued for an actor that lives on the thread.
    case actorJob(UnownedJob)
    /// Enqueued for a task that prefers the thread.
    case taskJob(UnownedJob)

    var isClosure: Bool {
        if case .closure = self { true } else { false }
    }

    func run(on executor: some SerialExecutor, _ tasks: TaskJobs) {
        switch self {
        case .closure(let closure): closure()
        case .actorJob(let job): job.runSynchronously(on: executor.asUnownedSerialExecutor())
        case .taskJob(let job): job.runSynchronously(on: tasks.asUnownedTaskExecutor())
        }
    }
}
