// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// A descriptor that belongs to one object of a loop: watched for reading, and closed when the watch ends.
final class WatchedDescriptor: Sendable {
    let number: Int32
    private let loop: EventLoop
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var watch: Watch?

    /// Takes over the descriptor, and calls `handler` on the loop's thread whenever it is readable.
    ///
    /// The handler must not hold this object. To be called on the loop's thread, or before the loop runs.
    init(owning number: Int32, on loop: EventLoop, handler: @escaping @Sendable () -> Void) throws(SystemError) {
        self.number = number
        self.loop = loop
        do throws(SystemError) {
            watch = try loop.watch(number, for: .readable) { _ in handler() }
        } catch {
            close(number)
            throw error
        }
    }

    /// Ends the watch: the handler is not called again. To be called on the loop's thread; a second call does nothing.
    func cancel() {
        loop.checkIsolated()
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        close(number)
    }

    deinit {
        guard let watch else { return }
        guard !loop.isCurrent else { return cancel() }
        loop.post { [number] in
            watch.cancel()
            close(number)
        }
    }
}
