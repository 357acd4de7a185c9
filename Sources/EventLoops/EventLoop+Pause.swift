// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
    /// Suspends the task for a while without `Task.sleep`, which would start Swift's global pool and its one-second timer.
    ///
    /// Throws `CancellationError` as soon as the task is cancelled. May be called from any thread.
    public func pause(for duration: Duration) async throws {
        let sleeper = Sleeper()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                post {
                    guard !sleeper.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                    sleeper.continuation = continuation
                    sleeper.timer = self.timer(after: duration) { sleeper.end(with: .success(())) }
                }
            }
        } onCancel: {
            post {
                sleeper.isCancelled = true
                sleeper.timer?.cancel()
                sleeper.end(with: .failure(CancellationError()))
            }
        }
    }
}

/// One task that sleeps on a loop.
private final class Sleeper: Sendable {
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) var continuation: CheckedContinuation<Void, any Error>?
    nonisolated(unsafe) var timer: LoopTimer?
    nonisolated(unsafe) var isCancelled = false

    func end(with result: Result<Void, any Error>) {
        continuation?.resume(with: result)
        continuation = nil
        timer = nil  // it holds this object
    }
}
