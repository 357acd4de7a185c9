// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
