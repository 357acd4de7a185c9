// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics

/// The job's end of the conversation with the program that started it: blocking, one frame at a time.
///
/// For the job's main thread alone. `receive` returns nil once the parent has closed the socket. The kernel kills a job whose parent
/// died (`Jobs` requests it before the program runs).
public struct JobEnd: Sendable {
    /// The socket; for `poll` beside a prompt: readable without a frame means that the parent has closed it.
    public let descriptor: Int32

    /// Runs a job program: `body` answers until the parent has gone. Ends the process where the conversation broke, or where there is none
    /// because the program was started by hand.
    public static func run(_ program: String, _ body: (JobEnd) throws(FrameError) -> Void) {
        do throws(FrameError) {
            try body(JobEnd())
        } catch {
            // A parent that goes while it is being answered ends the job like one that goes between two requests.
            if error.errorNumber == EPIPE || error.errorNumber == ECONNRESET { return }
            let message = "\(program): \(error); this program is started by eonayd\n"
            message.utf8CString.withUnsafeBufferPointer { _ = Glibc.write(2, $0.baseAddress, $0.count - 1) }
            exit(1)
        }
    }

    /// Takes the socket that `Jobs` put at descriptor 3.
    ///
    /// Throws `.inputOutput` where there is no socket: the program was started by hand.
    public init(descriptor: Int32 = Frame.descriptor) throws(FrameError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FrameError(.inputOutput, "fstat", errorNumber: errno)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw FrameError(.inputOutput, "fstat", errorNumber: ENOTSOCK)
        }
        // A program that the job starts (a pinentry) does not get it.
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw FrameError(.inputOutput, "fcntl", errorNumber: errno)
        }
        self.descriptor = descriptor
    }

    /// Waits for the next message; nil once the parent has closed its end. Throws `FrameError`.
    public func receive<Message: FrameMessage>(_ type: Message.Type = Message.self) throws(FrameError) -> Message? {
        guard let header = try read(Frame.headerLength, mayEnd: true) else { return nil }
        guard let payload = try read(try Frame.length(header: header), mayEnd: false) else { return nil }
        return try Message(payload: payload)
    }

    /// Writes a message, waiting until the parent has room for it. Throws `FrameError`, `EPIPE` if the parent is gone.
    public func send(_ message: some FrameMessage) throws(FrameError) {
        let frame = try Frame.framed(try message.payload())
        do { try Files.send(frame, on: descriptor) } catch {
            throw FrameError(.inputOutput, error.call, errorNumber: error.code)
        }
    }

    /// Exactly so many bytes; nil if the stream ends before the first one and may.
    private func read(_ length: Int, mayEnd: Bool) throws(FrameError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < length {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
            }
            if count > 0 {
                filled += count
            } else if count == 0 {
                guard mayEnd, filled == 0 else { throw FrameError(.incomplete, "frame") }
                return nil
            } else if errno != EINTR {
                throw FrameError(.inputOutput, "read", errorNumber: errno)
            }
        }
        return bytes
    }
}
