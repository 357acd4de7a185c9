// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameAssemblerTests {
    @Test(arguments: [1, 2, 3, 5, 100]) func framesAreFoundHoweverTheStreamIsCut(_ size: Int) throws {
        let payloads: [[UInt8]] = [[1], [], [UInt8](repeating: 9, count: 300), [2, 3]]
        let stream = try payloads.flatMap { try Frame.framed($0) }
        var assembler = FrameAssembler()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            assembler.append(stream[start..<min(start + size, stream.count)])
            while let payload = try assembler.next() { found.append(payload) }
        }
        #expect(found == payloads)
        #expect(assembler.isEmpty)
    }

    @Test func aFrameBeyondTheLimitIsRefusedByItsHeader() {
        var assembler = FrameAssembler()
        assembler.append([0, 0x10, 0, 1])
        #expect(throws: FrameError(.tooLong, "")) { try assembler.next() }
    }

    @Test func halfAFrameIsNotAnEnd() throws {
        var assembler = FrameAssembler()
        assembler.append([0, 0, 0, 2, 7])
        #expect(try assembler.next() == nil)
        #expect(!assembler.isEmpty)
    }
}
