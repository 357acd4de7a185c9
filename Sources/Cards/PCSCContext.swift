// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC
internal import Synchronization

/// A connection to `pcscd`, used by one thread alone but for `cancel`.
///
/// Never shared for anything else: a wait holds the context's lock, and any other call on it would wait as long.
final class PCSCContext: Sendable {
    private let handle: SCARDCONTEXT
    /// Whether the handle is still valid: pcsc-lite must not be asked to cancel on one that it is giving back.
    private let isOpen = Mutex(true)

    /// Connects. Throws `PCSCError`: `.noService` where nobody listens, `.securityViolation` where polkit forbids it.
    init() throws(PCSCError) {
        var handle: SCARDCONTEXT = 0
        try PCSCError.check(
            SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle), "SCardEstablishContext")
        self.handle = handle
    }

    deinit { close() }

    /// Gives the handle back; a second call does nothing.
    func close() {
        isOpen.withLock { isOpen in
            // A failure says that pcscd is gone, and the handle with it.
            if isOpen { SCardReleaseContext(handle) }
            isOpen = false
        }
    }

    /// Ends the wait of another thread, if there is one at this moment. Any thread may call it that may be held up: a `pcscd`
    /// that hangs does not answer.
    ///
    /// pcsc-lite drops a cancel that arrives between two waits: who needs it to be heard repeats it.
    func cancel() {
        isOpen.withLock { isOpen in
            if isOpen { SCardCancel(handle) }
        }
    }

    /// The names of the readers, in `pcscd`'s order; empty where there is none.
    func readers() throws(PCSCError) -> [ReaderName] {
        // All names at once: `pcscd` has room for 16 readers, with names of 128 bytes.
        var buffer = [CChar](repeating: 0, count: 16 * 128 + 1)
        var length = DWORD(buffer.count)
        do {
            try PCSCError.check(SCardListReaders(handle, nil, &buffer, &length), "SCardListReaders")
        } catch  where error.code == .noReaders {
            return []
        }
        // Names end with a NUL each, the list with one more.
        return buffer.prefix(Int(length)).split(separator: 0).map { name in
            ReaderName(name.map { UInt8(bitPattern: $0) })
        }
    }

    /// Waits until a state differs from what is known of it, then takes the new ones over.
    ///
    /// Throws `.timeout` after `milliseconds` (nil: never), `.cancelled` after `cancel()`; states are as before then.
    func wait(for states: ReaderStates, milliseconds: Int?) throws(PCSCError) {
        let timeout = milliseconds.map { DWORD($0) } ?? DWORD(INFINITE)
        try PCSCError.check(
            states.withEntries { SCardGetStatusChange(handle, timeout, $0.baseAddress, DWORD($0.count)) },
            "SCardGetStatusChange")
        states.takeOver()
    }
}
