// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc
internal import JobFrames
internal import SystemBasics

/// A frame on its way out, and the task that waits until it is sent.
struct OutgoingFrame {
    let bytes: [UInt8]
    var sent = 0
    let sender: CheckedContinuation<Void, Never>
}

extension JobProcess {
    // MARK: - Out

    /// Sends a payload; returns when the system has accepted all of it.
    func send(_ payload: [UInt8]) async throws(JobError) {
        let bytes: [UInt8]
        do { bytes = try Frame.framed(payload) } catch { throw JobError(.tooLong, program) }
        if let failure { throw failure }
        // `receive` reports that a job has ended: it knows the job's last words and its status.
        guard !endedFirst else { return }
        guard socket >= 0 else { throw JobError(.cancelled, program) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { sender in
                guard socket >= 0 else { return sender.resume() }
                outgoing.append(OutgoingFrame(bytes: bytes, sender: sender))
                write()
            }
        } onCancel: {
            loop.post { self.assumeIsolated { $0.kill() } }
        }
        if let failure { throw failure }
    }

    private func write() {
        while var frame = outgoing.first {
            let count = frame.bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + frame.sent, $0.count - frame.sent, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                frame.sent += count
                outgoing[0] = frame
                if frame.sent == frame.bytes.count { outgoing.removeFirst().sender.resume() }
            } else if errno == EAGAIN {
                return watchForWriting()
            } else if errno != EINTR {
                // The job has closed its end. `receive` returns its last words and reports its status.
                dropOutgoing()
            }
        }
        writeWatch?.cancel()
        writeWatch = nil
    }

    private func watchForWriting() {
        guard writeWatch == nil else { return }
        do throws(SystemError) {
            writeWatch = try loop.watch(socket, for: .writable) { _ in self.assumeIsolated { $0.write() } }
        } catch {
            end(by: .system, detail: "\(error)")
        }
    }

    private func dropOutgoing() {
        for frame in outgoing { frame.sender.resume() }
        outgoing = []
    }

    // MARK: - In

    /// The next payload; nil at the end of the conversation.
    func receive() async throws(JobError) -> [UInt8]? {
        precondition(receiver == nil, "two tasks wait for one job")
        while true {
            if let failure { throw failure }
            let seen = news
            do {
                if let payload = try assembler.next() {
                    try watchForReading()
                    return payload
                }
            } catch let error as FrameError {
                end(by: .garbage, detail: "\(error)")
                continue
            } catch {
                end(by: .system, detail: "\(error)")
                continue
            }
            if isAtEnd {
                guard !assembler.isEmpty else { return nil }
                fail(JobError(.garbage, program, detail: "\(FrameError(.incomplete, "frame"))"))
                continue
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    // On the way here the task may have been suspended, and what it is about to wait for may have come.
                    if news == seen { receiver = continuation } else { continuation.resume() }
                }
            } onCancel: {
                loop.post { self.assumeIsolated { $0.wakeReceiver() } }
            }
            if Task.isCancelled, failure == nil { throw JobError(.cancelled, program) }
        }
    }

    /// Reads on unless a whole frame of the longest kind may already be waiting, so that a job cannot flood a receiver that does not read.
    func watchForReading() throws(SystemError) {
        guard readWatch == nil, socket >= 0, !isAtEnd, !isFull else { return }
        readWatch = try loop.watch(socket, for: .readable) { _ in self.assumeIsolated { $0.read() } }
    }

    private var isFull: Bool { assembler.buffered >= Frame.headerLength + Frame.maximumLength }

    private func read(atMost limit: Int = 1 << 16) {
        let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
            let count = Glibc.read(socket, buffer.baseAddress!, min(buffer.count, limit))
            if count > 0 { assembler.append(buffer[..<count]) }
            return count
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        // ECONNRESET means that the job ended before it had read everything. That is an end like any other.
        if count <= 0 { isAtEnd = true }
        if isAtEnd || isFull {
            readWatch?.cancel()
            readWatch = nil
        }
        wakeReceiver()
    }

    private func wakeReceiver() {
        news += 1
        receiver?.resume()
        receiver = nil
    }

    // MARK: - The end

    /// Ends the conversation and fails every waiting task with this error.
    func fail(_ error: JobError) {
        if failure == nil { failure = error }
        closeSocket()
        wakeReceiver()
    }

    /// Closes our end in an orderly way.
    func close() {
        closeSocket()
        isAtEnd = true
        wakeReceiver()
    }

    /// The process has ended, and the conversation with it: what it said before is kept for the receiver.
    ///
    /// A child of the job may have its own copy of the descriptor, in another session and out of our reach. So the end of the stream may
    /// never come, and what comes from now on is not the job's. The octets in the socket now are bounded by the socket's own buffer.
    func endConversation() {
        guard socket >= 0 else { return }
        var left: Int32 = 0
        // Refused is as nothing: then the end comes without the last words.
        _ = ioctl(socket, UInt(FIONREAD), &left)
        while left > 0, !isAtEnd {
            let before = assembler.buffered
            read(atMost: Int(left))
            guard assembler.buffered > before else { break }
            left -= Int32(assembler.buffered - before)
        }
        endedFirst = true
        close()
    }

    func closeSocket() {
        guard socket >= 0 else { return }
        readWatch?.cancel()
        readWatch = nil
        writeWatch?.cancel()
        writeWatch = nil
        Glibc.close(socket)
        socket = -1
        dropOutgoing()
    }
}
