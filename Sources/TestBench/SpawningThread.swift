// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CTestBench
internal import Glibc
internal import Synchronization
internal import SystemBasics

/// The one thread that starts the bench's children.
///
/// A child is told to die with its parent (prctl(2), PR_SET_PDEATHSIG), and the kernel takes the starting *thread* for
/// the parent. Threads of the Swift pool come and go, so children are started by one that stays as long as the process.
/// Hence nothing is left behind, even when a test crashes or is interrupted.
final class SpawningThread: Sendable {
    static let shared = SpawningThread()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let wake: (read: Int32, write: Int32)

    private init() {
        var ends: [Int32] = [-1, -1]
        precondition(ctestbench_pipe(&ends) == 0, "no descriptors left")
        wake = (ends[0], ends[1])
        do {
            try NativeThread(name: "bench") { [self] in run() }.detach()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private func run() {
        var byte: UInt8 = 0
        while read(wake.read, &byte, 1) != 0 {
            let waiting = jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            for job in waiting { job() }
        }
    }

    /// Runs the job on the thread and waits for its result.
    func perform<Result: Sendable>(_ job: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(with: Swift.Result { try job() }) } }
            var byte: UInt8 = 0
            write(wake.write, &byte, 1)
        }
    }
}
