// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Glibc
internal import SystemBasics

/// The first exchange of pcsc-lite's protocol: the client tells its version, the daemon answers. The daemon answers
/// nobody before its configured readers are set up, so an answer says that it is ready.
enum PCSCHandshake {
    private static let versionCommand: UInt32 = 0x11
    private static let patience = 20

    /// False where the daemon has ended or keeps silent.
    static func isAnswered(at path: String) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try NativeThread(name: "bench") { continuation.resume(with: Result { try ask(path) }) }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func ask(_ path: String) throws -> Bool {
        let socket = try UnixListener.connect(to: path)
        defer { close(socket) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        // Length of what follows the header, command; then major, minor and a place for the result.
        let message: [UInt32] = [12, versionCommand, 4, 4, 0]
        let bytes = message.withUnsafeBytes { Array($0) }
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return false }
        var answer: UInt8 = 0
        return recv(socket, &answer, 1, 0) == 1
    }
}

/// Ports of this computer that somebody listens at. Looked at, not connected to: to vpcd, a connection is a card.
enum TCPListener {
    private static let patience = 2000

    /// Waits until somebody listens at the port; false where nobody has for 20 s. Nothing tells of another process's listen(2), so the
    /// kernel's list is looked at again and again.
    static func isListening(at port: UInt16) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try NativeThread(name: "bench") {
                    var isThere = false
                    for _ in 0..<patience where !isThere {
                        isThere = isListed(port)
                        if !isThere { poll(nil, 0, 10) }
                    }
                    continuation.resume(returning: isThere)
                }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// "0: 0100007F:1F90 00000000:0000 0A …": local address and port, the other side's, the state; 0A is LISTEN (tcp_states.h).
    private static func isListed(_ port: UInt16) -> Bool {
        let digits = String(port, radix: 16, uppercase: true)
        let wanted = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        return ["/proc/net/tcp", "/proc/net/tcp6"].contains { path in
            guard let list = fopen(path, "re") else { return false }
            defer { fclose(list) }
            var line = [CChar](repeating: 0, count: 512)
            while fgets(&line, Int32(line.count), list) != nil {
                let text = line.withUnsafeBufferPointer {
                    String(decoding: $0.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                }
                let words = text.split(separator: " ")
                if words.count > 3, words[1].hasSuffix(wanted), words[3] == "0A" { return true }
            }
            return false
        }
    }
}

/// The one socket that libpcsclite uses in this process.
struct ProcessPCSCD {
    let socketPath: String
    private let folder: TemporaryFolder

    /// Tells libpcsclite where; it reads the variable at the first call and never again.
    static let shared: Result<ProcessPCSCD, any Error> = Result {
        let folder = try TemporaryFolder()
        let path = folder.file("pcscd.comm")
        setenv("PCSCLITE_CSOCK_NAME", path, 1)
        // A static value is never freed, so its folder would stay.
        atexit {
            // Nothing can be done at this point about what cannot be deleted.
            if let process = try? ProcessPCSCD.shared.get() {
                try? FileManager.default.removeItem(atPath: process.folder.path)
            }
        }
        return ProcessPCSCD(socketPath: path, folder: folder)
    }
}
