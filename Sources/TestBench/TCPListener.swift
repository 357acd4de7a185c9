// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

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
