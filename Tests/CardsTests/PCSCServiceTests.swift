// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemBasics
import Testing

@testable import Cards

@Suite(.timeLimit(.minutes(1)))
struct PCSCServiceTests {
    @Test func whoHasAConnectionIsNamedWithItsNumber() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "eonay-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // what is left is in the temporary folder
        let path = folder.appending(path: "pcscd.comm").path
        let (server, client) = try connected(at: path)
        defer { close(server) }
        let service = PCSCService(path: path)
        #expect(service.folder == folder.path + "/")
        #expect(service.clients().isEmpty)

        // Our own children are our jobs and do not count: this one is given away to init.
        let pid = try orphan(holding: client)
        defer { kill(pid, SIGKILL) }
        #expect(service.clients().map(\.description) == ["sleep (\(pid))"])

        close(client)
        #expect(PCSCService(path: folder.appending(path: "other").path).clients().isEmpty)
    }

    /// Starts a process that holds this descriptor and is not our child.
    private func orphan(holding descriptor: Int32) throws -> pid_t {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, descriptor, 3)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        let words = ["sh", "-c", "sleep 1000 <&3 >/dev/null & until grep -qx sleep /proc/$!/comm; do :; done; echo $!"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var shell: pid_t = 0
        let result = posix_spawn(&shell, "/bin/sh", &actions, &attributes, &arguments, environ)
        close(ends[1])
        try #require(result == 0)
        waitpid(shell, nil, 0)
        var text = [UInt8](repeating: 0, count: 16)
        let length = read(ends[0], &text, text.count)
        let line = String(decoding: text.prefix(max(0, length)), as: UTF8.self)
        return try #require(pid_t(line.trimmingCharacters(in: .newlines)))
    }

    /// The two ends of a connection to a socket at this path.
    private func connected(at path: String) throws -> (server: Int32, client: Int32) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let listener = socket(AF_UNIX, kind, 0)
        let client = socket(AF_UNIX, kind, 0)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let length = socklen_t(MemoryLayout<sockaddr_un>.size)
                try #require(bind(listener, $0, length) == 0)
                try #require(listen(listener, 1) == 0)
                try #require(connect(client, $0, length) == 0)
            }
        }
        defer { close(listener) }
        let server = accept(listener, nil, nil)
        try #require(server >= 0)
        return (server, client)
    }
}
