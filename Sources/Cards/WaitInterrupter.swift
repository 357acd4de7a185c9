// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc
internal import Synchronization

/// Ends the wait of the monitor's thread, from a thread of its own.
///
/// SCardCancel asks `pcscd` and waits for the answer: one that hangs never gives it. The caller of this is not held up by that; the
/// thread is left to its fate then, and further calls find it at work.
final class WaitInterrupter: Sendable {
    private let isAtWork = Atomic(false)

    /// So many milliseconds between two cancels: pcsc-lite drops one that arrives between two waits.
    private static let pause: Int32 = 20

    /// Cancels the wait again and again while `isWanted` says so, for two seconds at most. Returns at once.
    func interrupt(_ context: @escaping @Sendable () -> PCSCContext?, while isWanted: @escaping @Sendable () -> Bool) {
        guard !isAtWork.exchange(true, ordering: .sequentiallyConsistent) else { return }
        // Without a thread to spare nothing can be interrupted; what is waited for comes without that, or the process ends.
        guard let thread = try? BlockingThread(name: "cards-cancel") else {
            return isAtWork.store(false, ordering: .sequentiallyConsistent)
        }
        thread.post {
            for _ in 0..<100 where isWanted() {
                context()?.cancel()
                if isWanted() { _ = poll(nil, 0, Self.pause) }
            }
            self.isAtWork.store(false, ordering: .sequentiallyConsistent)
            thread.stop()
        }
    }
}
