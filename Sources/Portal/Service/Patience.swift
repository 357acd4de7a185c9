// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// The time for something is over.
struct OutOfPatience: Error {}

/// Does something for so long at most; throws `OutOfPatience` where it takes longer. It is cancelled then, and has to take
/// notice of that.
func within<Value: Sendable>(
    _ patience: TimeAmount, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let alarm = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: patience) {}
    defer { alarm.cancel() }
    let working = Task { try await work() }
    alarm.futureResult.whenSuccess { working.cancel() }
    do {
        let value = try await withTaskCancellationHandler {
            try await working.value
        } onCancel: {
            working.cancel()
        }
        guard !working.isCancelled else { throw OutOfPatience() }
        return value
    } catch is CancellationError {
        throw OutOfPatience()
    }
}
