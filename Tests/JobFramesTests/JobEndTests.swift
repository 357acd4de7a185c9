// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobFrames
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JobEndTests {
    /// A pair of sockets: the job's end, and the descriptor that plays the parent.
    private func pair() throws -> (JobEnd, Int32) {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (try JobEnd(descriptor: ends[0]), ends[1])
    }

    private func give(_ bytes: [UInt8], to descriptor: Int32) {
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test func aRequestIsReadAndAReplyIsWritten() throws {
        let (job, parent) = try pair()
        defer {
            close(job.descriptor)
            close(parent)
        }
        give(try Frame.framed(try TokenRequest.sign(Samples.sign).payload()), to: parent)
        #expect(try job.receive(TokenRequest.self) == .sign(Samples.sign))
        try job.send(TokenReply.progress(.signing))
        var header = [UInt8](repeating: 0, count: 4)
        #expect(read(parent, &header, 4) == 4)
        var payload = [UInt8](repeating: 0, count: try Frame.length(header: header))
        #expect(read(parent, &payload, payload.count) == payload.count)
        #expect(try TokenReply(payload: payload) == .progress(.signing))
    }

    @Test func theEndBetweenFramesIsNilAndInsideOneAnError() throws {
        let (job, parent) = try pair()
        defer { close(job.descriptor) }
        give([0, 0], to: parent)
        close(parent)
        #expect(throws: FrameError(.incomplete, "")) { try job.receive(TokenRequest.self) }
        #expect(try job.receive(TokenRequest.self) == nil)
    }

    @Test func aReplyToAClosedParentIsAnErrorAndNoSignal() throws {
        let (job, parent) = try pair()
        defer { close(job.descriptor) }
        close(parent)
        let error = #expect(throws: FrameError.self) { try job.send(CourierReply.ended) }
        #expect(error?.errorNumber == EPIPE)
    }

    @Test func aFileIsNotTheParent() throws {
        let file = open("/dev/null", O_RDWR)
        defer { close(file) }
        let error = #expect(throws: FrameError.self) { try JobEnd(descriptor: file) }
        #expect(error?.errorNumber == ENOTSOCK)
    }
}
