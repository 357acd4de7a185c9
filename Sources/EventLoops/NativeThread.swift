// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A pthread that runs one function and can be joined.
struct NativeThread: Sendable {
    let id: pthread_t

    /// Starts a thread; `name` (cut to 15 bytes, the kernel's limit) is what `ps -L` and `top -H` show.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
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

    func join() {
        pthread_join(id, nil)
    }

    /// What the new thread is to do, on its way there.
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = String(name.prefix(15))
            self.body = body
        }
    }
}
