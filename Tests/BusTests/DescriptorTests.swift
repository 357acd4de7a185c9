// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct DescriptorTests {
    @Test func aDescriptorGoesToTheService() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let (reading, writing) = (FileDescriptorHandle(owning: ends[0]), FileDescriptorHandle(owning: ends[1]))
            write(writing.rawValue, "1234", 4)
            #expect(try await bench.call("ReadPipe", [.descriptor(reading)]) == [.string("1234")])
        }
    }

    @Test func aDescriptorComesFromTheService() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let handle = try #require(try await bench.call("OpenPipe").first?.descriptor)
            var bytes = [UInt8](repeating: 0, count: 16)
            #expect(read(handle.rawValue, &bytes, 16) == 7)
            #expect(fcntl(handle.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test func everyDescriptorIsClosedInTheEnd() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            // Only descriptors of one fresh pipe are counted: other tests of this process open and close theirs.
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let pipeEnd = FileDescriptorHandle(owning: ends[0])
            close(ends[1])
            let mark = try #require(Self.identity(of: pipeEnd.rawValue))
            for _ in 0..<20 { _ = try await bench.call("ReadPipe", [.descriptor(pipeEnd)]) }
            for _ in 0..<20 { _ = try? await bench.call("Add", [.descriptor(pipeEnd)]) }
            for _ in 0..<20 { _ = try? await bench.call("Options", [.options(["pin": .descriptor(pipeEnd)])]) }
            // An answer leaves before its call is let go of: after one more, all those calls are gone.
            _ = try await bench.call("Rows")
            // The bus' own copies are another process'.
            let open = (0..<1024).filter { Self.identity(of: $0) == mark }
            #expect(open == [pipeEnd.rawValue])
        }
    }

    @Test func aMessageWithTooManyDescriptorsIsRefused() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            let handle = try #require(FileDescriptorHandle(duplicating: 0))
            await #expect(throws: BusError.named(BusError.limitsExceeded)) {
                try await bench.call(
                    "Echo", [.variant(.array(of: "h", Array(repeating: .descriptor(handle), count: 200)))])
            }
            let some = try await bench.call(
                "Echo", [.variant(.array(of: "h", Array(repeating: .descriptor(handle), count: 5)))])
            #expect(some.first?.unwrapped.elements?.count == 5)
        }
    }

    @Test func aDescriptorThatIsNotOpenIsRefusedHere() async throws {
        try await withBus { bench in
            _ = try await Sample.export(on: bench.service)
            await #expect(throws: BusError.self) {
                try await bench.call("ReadPipe", [.descriptor(FileDescriptorHandle(owning: -1))])
            }
            #expect(FileDescriptorHandle(duplicating: -1) == nil)
        }
    }

    /// The number that distinguishes one pipe from another.
    private static func identity(of descriptor: Int32) -> [UInt]? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? [status.st_dev, status.st_ino] : nil
    }
}
