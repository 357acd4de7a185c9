// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A pthread that runs one function and can be joined.
public struct NativeThread: Sendable {
    /// As `pthread_self()` gives it there.
    public let id: UInt

    /// Starts a thread; `name` (cut to 15 bytes, the kernel's limit) is what `ps -L` and `top -H` show.
    public init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var id = pthread_t()
        let result = pthread_create(
            &id, nil,
            { @Sendable argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                clinux_set_thread_name(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw SystemError(code: result, call: "pthread_create")
        }
        self.id = id
    }

    /// Waits for the end of the function. Called on the thread itself, lets it end without anybody waiting.
    public func join() {
        if id == pthread_self() {
            pthread_detach(id)
        } else {
            pthread_join(id, nil)
        }
    }

    /// Lets the thread end without anybody waiting.
    public func detach() {
        pthread_detach(id)
    }

    /// The name and the function, on their way to the new thread.
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = String(name.prefix(15))
            self.body = body
        }
    }
}
