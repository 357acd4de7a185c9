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
