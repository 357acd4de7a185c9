// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC
internal import EventLoops
internal import Glibc
internal import Synchronization

/// A connection to `pcscd`, used by one thread alone but for `cancel`.
///
/// Never shared for anything else: a wait holds the context's lock, and any other call on it would wait as long.
final class PCSCContext: Sendable {
    private let handle: SCARDCONTEXT
    /// Whether the handle is still valid: pcsc-lite must not be asked to cancel on one that it is giving back.
    private let isOpen = Mutex(true)

    /// Connects. Throws `PCSCError`: `.noService` where no process listens, `.securityViolation` where polkit forbids it.
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
    /// pcsc-lite drops a cancel that arrives between two waits, so repeat it until the wait has ended.
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

    /// Waits until a state differs from the known one, then stores the new ones.
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

/// An answer of pcsc-lite other than success: which function gave it, and the code.
struct PCSCError: Error, Equatable, CustomStringConvertible {
    /// The codes that make a difference here; all others survive as numbers.
    struct Code: RawRepresentable, Equatable {
        let rawValue: LONG
        static let noService = Code(rawValue: SCARD_E_NO_SERVICE)
        static let noReaders = Code(rawValue: SCARD_E_NO_READERS_AVAILABLE)
        static let unknownReader = Code(rawValue: SCARD_E_UNKNOWN_READER)
        static let readerUnavailable = Code(rawValue: SCARD_E_READER_UNAVAILABLE)
        static let timeout = Code(rawValue: SCARD_E_TIMEOUT)
        static let cancelled = Code(rawValue: SCARD_E_CANCELLED)
        /// The connection was there and is not any more.
        static let communicationFailed = Code(rawValue: SCARD_F_COMM_ERROR)
        static let securityViolation = Code(rawValue: SCARD_W_SECURITY_VIOLATION)
    }

    let code: Code
    let call: String

    /// Throws unless the result is success. The one place where a result of pcsc-lite is judged.
    static func check(_ result: LONG, _ call: String) throws(PCSCError) {
        guard result == SCARD_S_SUCCESS else { throw PCSCError(code: Code(rawValue: result), call: call) }
    }

    static func == (left: PCSCError, right: PCSCError) -> Bool { left.code == right.code }

    var description: String { "\(call): 0x\(String(code.rawValue, radix: 16))" }
}

/// Ends the wait of the monitor's thread, from a thread of its own.
///
/// SCardCancel asks `pcscd` and waits for the answer: one that hangs never gives it. The caller of this is not held up by that; the
/// thread is left behind then, and further calls find it at work.
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
