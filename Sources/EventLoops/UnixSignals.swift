// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
public import SystemBasics

/// Signals such as SIGTERM as calls on a loop, by `signalfd`: no handler interrupts anything.
///
/// The signals are blocked in the calling thread and the threads it makes later, so make this on the main thread before any other
/// thread exists. Children inherit the blocked set: who spawns must reset it.
public final class UnixSignals: Sendable {
    private let source: WatchedDescriptor

    /// Blocks the signals and has `handler` called on the loop's thread with the number of each that arrives.
    ///
    /// Several of one kind that arrive together are told once.
    public init(
        _ signals: [Int32], on loop: EventLoop, handler: @escaping @Sendable (Int32) -> Void
    ) throws(SystemError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        let result = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard result == 0 else { throw SystemError(code: result, call: "pthread_sigmask") }
        let descriptor = try SystemError.check(
            signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK)), "signalfd")
        source = try WatchedDescriptor(owning: descriptor, on: loop) {
            var info = signalfd_siginfo()
            let size = MemoryLayout<signalfd_siginfo>.size
            while read(descriptor, &info, size) == size { handler(Int32(bitPattern: info.ssi_signo)) }
        }
    }

    /// Ends the delivery; the signals stay blocked. To be called on the loop's thread, or after the loop has ended.
    public func cancel() { source.cancel() }
}
