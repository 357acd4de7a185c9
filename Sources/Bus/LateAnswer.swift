// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops

/// The way in which answers to one method are made.
struct Answering {
    let core: BusCore
    /// Lives as long as the object does; a late answer may come after that, so it copies it.
    let results: UnsafePointer<CChar>
}

/// The answer to a call whose handler has returned. Dropped unsent, it answers the call with a failure.
///
/// To be used on the connection's loop.
public final class LateAnswer: @unchecked Sendable {  // unchecked: used on the loop's thread only
    private let core: BusCore
    private let results: String
    private var message: OpaquePointer?

    init(_ message: OpaquePointer, _ answering: Answering) {
        core = answering.core
        results = String(cString: answering.results)
        self.message = dbus_message_ref(message)
    }

    deinit {
        guard let message else { return }
        let dropped = Dropped(core: core, message: message)
        core.loop.post {
            dropped.core.reply(to: dropped.message, BusError.failed("the call was not answered"))
            dbus_message_unref(dropped.message)
        }
    }

    /// A call on its way to the loop, where it is answered after all.
    private struct Dropped: @unchecked Sendable {  // unchecked: used on the loop's thread only
        let core: BusCore
        let message: OpaquePointer
    }

    /// Sends what `body` writes, or the error that it throws. The second answer to one call is dropped.
    public func send(_ body: (inout MessageWriter) throws -> Void) {
        core.loop.checkIsolated()
        guard let message else { return }
        self.message = nil
        defer { dbus_message_unref(message) }
        results.withCString { core.reply(to: message, signature: $0, body) }
    }
}
