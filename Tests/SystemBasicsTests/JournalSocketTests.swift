// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemBasics
import Testing

/// The journal's native protocol, against a socket of its kind.
@Suite(.timeLimit(.minutes(1)))
struct JournalSocketTests {
    /// A journal that is a socket and no more.
    private final class Listener {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "eonay-\(getpid())-\(UInt32.random(in: 0...(.max)))")
        let socket: Int32
        var path: String { folder.appending(path: "s").path }

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            try UnixSocket.bind(socket, at: path)
        }

        deinit {
            close(socket)
            try? FileManager.default.removeItem(at: folder)  // what is left is in the temporary folder
        }

        /// The next entry: what the message holds, or the memory that came with it.
        func entry() throws -> (bytes: [UInt8], isMemory: Bool) {
            var data = [UInt8](repeating: 0, count: 1 << 20)
            var control = [UInt8](repeating: 0, count: 64)
            var (count, descriptor) = (0, Int32(-1))
            data.withUnsafeMutableBytes { data in
                control.withUnsafeMutableBytes { control in
                    var part = iovec(iov_base: data.baseAddress, iov_len: data.count)
                    withUnsafeMutablePointer(to: &part) { part in
                        var message = msghdr()
                        (message.msg_iov, message.msg_iovlen) = (part, 1)
                        (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
                        count = recvmsg(socket, &message, 0)
                        if message.msg_controllen > 0 {
                            descriptor = control.loadUnaligned(
                                fromByteOffset: MemoryLayout<cmsghdr>.size, as: Int32.self)
                        }
                    }
                }
            }
            guard descriptor >= 0 else { return (Array(data.prefix(count)), false) }
            let memory = Descriptor(owning: descriptor)
            // Sealed: journald maps it, and nobody may change it under its eyes.
            #expect(fcntl(memory.number, 1034) == 1 | 2 | 4 | 8)
            lseek(memory.number, 0, SEEK_SET)
            return (try Files.read(memory.number, upTo: 1 << 24), true)
        }
    }

    @Test func fieldsAreOneMessage() throws {
        let listener = try Listener()
        let journal = try JournalSocket(path: listener.path)
        #expect(journal.send([JournalField("MESSAGE", "Şükrü=1"), JournalField("PRIORITY", "5")]))
        let entry = try listener.entry()
        #expect(String(decoding: entry.bytes, as: UTF8.self) == "MESSAGE=Şükrü=1\nPRIORITY=5\n" && !entry.isMemory)
    }

    @Test func aValueWithALineBreakCannotBecomeAnotherField() {
        let bytes = JournalField.encoded([JournalField("MESSAGE", "a\nPRIORITY=0")])
        #expect(bytes == Array("MESSAGE\n".utf8) + [12, 0, 0, 0, 0, 0, 0, 0] + Array("a\nPRIORITY=0\n".utf8))
    }

    @Test func whatIsTooLargeForAMessageTravelsAsSealedMemory() throws {
        let listener = try Listener()
        let journal = try JournalSocket(path: listener.path)
        let text = String(repeating: "x", count: 4 << 20)
        #expect(journal.send([JournalField("MESSAGE", text)]))
        let entry = try listener.entry()
        #expect(entry.isMemory && entry.bytes.count == text.utf8.count + 9)
    }

    @Test func aJournalThatTakesNothingIsNotWaitedFor() throws {
        let listener = try Listener()
        let journal = try JournalSocket(path: listener.path)
        var sent = 0
        while sent < 100_000, journal.send([JournalField("MESSAGE", "x")]) { sent += 1 }
        #expect(sent > 0 && sent < 100_000)
    }

    @Test func withoutAJournalThereIsNoSocket() {
        #expect(throws: SystemError(code: ENOENT, call: "connect")) { try JournalSocket(path: "/nonexistent/socket") }
    }

    @Test func standardErrorLeadsToTheJournalWhereDeviceAndFileAreTheSame() throws {
        let pipe = try Descriptor.pipe()
        let reading = Descriptor(owning: pipe.reading)
        let writing = Descriptor(owning: pipe.writing)
        var status = stat()
        #expect(fstat(writing.number, &status) == 0)
        let stream = "\(status.st_dev):\(status.st_ino)"
        #expect(JournalSocket.isStandardError(stream, descriptor: writing.number))
        for other in [nil, "", "0:0", stream + "1", "\(status.st_ino):\(status.st_dev)x"] {
            #expect(!JournalSocket.isStandardError(other, descriptor: writing.number))
        }
        #expect(reading.number >= 0)
    }
}
