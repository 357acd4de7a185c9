// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FilesTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "eonay-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }  // what is left is in the temporary folder
        try Files.makeFolder(folder.path)
        try body(folder.path)
    }

    @Test func whatIsWrittenIsRead() throws {
        try withFolder { folder in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
            try Files.write(bytes, to: "\(folder)/file", mode: 0o600)
            #expect(try Files.read("\(folder)/file") == bytes)
            #expect(Files.beginning(of: "\(folder)/file", atMost: 3) == [0, 1, 2])
            #expect(Files.names(in: folder) == ["file"])
        }
    }

    @Test func aFileIsReplacedWholeWithJustItsRights() throws {
        try withFolder { folder in
            let path = "\(folder)/eonay.prom"
            try Files.write(Array("former".utf8), to: path, mode: 0o600)
            let reader = try Files.open(path)
            try Files.replace(path, with: Array("new".utf8), mode: 0o644)
            // Who had it open sees the former one whole.
            #expect(try Files.read(reader.number, upTo: 100) == Array("former".utf8))
            #expect(try Files.read(path) == Array("new".utf8))
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o644)
            #expect(Files.names(in: folder) == ["eonay.prom"])
            #expect(throws: SystemError(code: ENOENT, call: "open")) {
                try Files.replace("\(folder)/nowhere/x", with: [], mode: 0o600)
            }
        }
    }

    @Test func whatIsNoFileIsWrittenToAndStays() throws {
        try withFolder { folder in
            let path = "\(folder)/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            let reader = try Files.open(path, O_RDONLY | O_NONBLOCK)
            try Files.replace(path, with: [1, 2, 3], mode: 0o644)
            #expect(try Files.read(reader.number, upTo: 3) == [1, 2, 3])
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        }
    }

    @Test func aDescriptorThatDoesNotBlockIsWaitedFor() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let reading = Descriptor(owning: ends[0])
        let writing = Descriptor(owning: ends[1])
        #expect(fcntl(writing.number, F_SETFL, O_NONBLOCK) == 0)
        // More than a pipe holds.
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let (from, received) = (reading.number, Guarded<[UInt8]>([]))
        let reader = try NativeThread(name: "reader") {
            let read = (try? Files.read(from, upTo: bytes.count)) ?? []
            received.signal { $0 = read }
        }
        try Files.write(bytes, to: writing.number)
        reader.join()
        #expect(received.withLock { $0 } == bytes)
    }

    @Test func aFileThatIsTooLongOrMissingIsAnError() throws {
        try withFolder { folder in
            try Files.write([1, 2, 3], to: "\(folder)/file")
            #expect(try Files.read("\(folder)/file", atMost: 3) == [1, 2, 3])
            #expect(throws: SystemError(code: EFBIG, call: "")) { try Files.read("\(folder)/file", atMost: 2) }
            #expect(throws: SystemError(code: ENOENT, call: "")) { try Files.read("\(folder)/none") }
            #expect(throws: SystemError(code: EISDIR, call: "")) { try Files.read(folder) }
            #expect(Files.beginning(of: "\(folder)/none", atMost: 1) == nil)
        }
    }

    @Test func linksAndFoldersAreSeen() throws {
        try withFolder { folder in
            symlink("file", "\(folder)/link")
            #expect(Files.target(of: "\(folder)/link") == "file" && Files.target(of: folder) == nil)
            #expect(Files.isFolder(folder) && !Files.isFolder("\(folder)/link"))
            #expect(Files.realPath(of: "\(folder)/link") == nil)
        }
        #expect(Files.parent(of: "/a/b") == "/a" && Files.parent(of: "/a") == "/" && Files.parent(of: "a") == "")
    }
}
