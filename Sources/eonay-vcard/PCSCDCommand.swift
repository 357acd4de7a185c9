// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import SystemBasics
import VirtualCard

struct PCSCDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pcscd",
        abstract: "Becomes a private pcscd with virtual readers.",
        discussion: """
            Cards go in at the sockets reader-1, reader-2 … in the folder. Programs use it with the variable that it prints \
            first. It needs no root and does not disturb the system's own pcscd.
            """)

    @Argument(help: "The folder for its sockets and configuration; made unless it is there. Keep it short.")
    var folder: String

    @Option(help: "How many readers it has, 0 to 9.")
    var readers = 1

    @Option(help: "The reader's driver. (default: libVirtualReader.so beside this program)")
    var driver: String?

    func validate() throws {
        guard (0...9).contains(readers) else { throw ValidationError("Give 0 to 9 readers.") }
    }

    func run() throws {
        try Files.makeFolder(folder)
        try Files.makeFolder("\(folder)/conf")
        let folder = try absolute(self.folder)
        let driver = try absolute(self.driver ?? "\(ownFolder())/libVirtualReader.so")
        // One file: pcscd reads several in the order in which the file system has them, and numbers the readers by that.
        let text = (0..<readers).map { number in
            """
            FRIENDLYNAME "E-Onay Reader \(number + 1)"
            DEVICENAME /dev/null:\(folder)/reader-\(number + 1)
            LIBPATH \(driver)
            CHANNELID \(number + 1)

            """
        }
        try Files.write(Array(text.joined().utf8), to: "\(folder)/conf/readers")
        let socket = "\(folder)/pcscd.comm"
        try PassedSocket.listen(at: socket)
        print("PCSCLITE_CSOCK_NAME=\(socket)")
        fflush(nil)
        try becomePCSCD("\(folder)/conf")
    }

    private func absolute(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else { throw ValidationError("\(path): no such file") }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func ownFolder() throws -> String {
        let program = try absolute("/proc/self/exe")
        return String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
    }

    private func becomePCSCD(_ readers: String) throws {
        let program = "/usr/sbin/pcscd"
        if access(program, X_OK) == 0 {
            let words = ["sh", "-c", PCSCDaemon.shellCommand, program, readers]
            var pointers = words.map { strdup($0) } + [nil]
            execv("/bin/sh", &pointers)
        }
        throw ValidationError("\(program) is missing: apt-get install pcscd")
    }
}
