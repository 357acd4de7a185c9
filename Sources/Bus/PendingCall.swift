// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

/// A call of ours that waits for its answer.
final class PendingCall: @unchecked Sendable {  // unchecked: used on the loop's thread only
    private var pending: OpaquePointer?
    private var completion: ((Result<Reply, BusError>) -> Void)?

    /// An answer, owned as long as this lives; it stays on the loop's thread.
    final class Reply {
        let message: OpaquePointer

        init(owning message: OpaquePointer) {
            self.message = message
        }

        deinit {
            dbus_message_unref(message)
        }
    }

    /// Takes over the pending call; `completion` is called exactly once: with the answer, or by ``end(_:)``.
    init(owning pending: OpaquePointer, completion: @escaping (Result<Reply, BusError>) -> Void) throws(BusError) {
        self.pending = pending
        self.completion = completion
        // Before anything else runs on this thread, so the answer cannot have been dispatched yet.
        let set = dbus_pending_call_set_notify(
            pending, { _, data in Unmanaged<PendingCall>.fromOpaque(data!).takeUnretainedValue().answered() },
            Unmanaged.passRetained(self).toOpaque(), { Unmanaged<PendingCall>.fromOpaque($0!).release() })
        guard set != 0 else {
            // libdbus has not taken the reference.
            Unmanaged.passUnretained(self).release()
            self.completion = nil
            release()
            throw .outOfMemory
        }
    }

    private func answered() {
        guard let pending, let message = dbus_pending_call_steal_reply(pending) else { return }
        let reply = Reply(owning: message)
        if dbus_message_get_type(message) == DBUS_MESSAGE_TYPE_ERROR {
            finish(.failure(PendingCall.error(of: message)))
        } else {
            finish(.success(reply))
        }
    }

    /// Gives up: the answer, should it come, is dropped.
    func end(_ error: BusError) {
        if let pending { dbus_pending_call_cancel(pending) }
        finish(.failure(error))
    }

    private func finish(_ result: Result<Reply, BusError>) {
        guard let completion else { return }
        self.completion = nil
        completion(result)
        release()
    }

    private func release() {
        guard let pending else { return }
        self.pending = nil
        dbus_pending_call_unref(pending)
    }

    private static func error(of message: OpaquePointer) -> BusError {
        do throws(BusError) {
            try BusError.check { _ = dbus_set_error_from_message($0, message) }
            return .failed("")
        } catch {
            return BusError(name: error.name, message: error.message, detail: detail(of: message))
        }
    }

    /// The second text of an error, where there is one.
    private static func detail(of message: OpaquePointer) -> String {
        var reader = MessageReader(message)
        do {
            _ = try reader.string()
            return try reader.string()
        } catch {
            // Most errors have no second one.
            return ""
        }
    }
}
