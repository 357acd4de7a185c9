// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CVirtualCard
internal import Glibc
internal import SystemBasics

/// The card's end of the wire to a reader: messages of two bytes of length, most significant first, and the bytes.
struct ReaderConnection: ~Copyable {
    private let socket: Descriptor
    private let isTCP: Bool

    var descriptor: Int32 { socket.number }

    /// Connects. Throws `SystemError`; ENOENT and ECONNREFUSED say that there is no reader.
    init(to reader: ReaderAddress) throws {
        switch reader {
        case .virtualReader(let path):
            let socket = Descriptor(
                owning: try SystemError.check(Glibc.socket(AF_UNIX, Self.stream, 0), "socket"))
            try UnixSocket.connect(socket.number, to: path)
            self.socket = socket
            isTCP = false
        case .vpcd(let port):
            let socket = Descriptor(
                owning: try SystemError.check(Glibc.socket(AF_INET, Self.stream, 0), "socket"))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket.number, $0, length) }
            }
            _ = try SystemError.check(result, "connect to port \(port)")
            self.socket = socket
            isTCP = true
        }
    }

    private static var stream: Int32 { Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue) }

    /// Says that nothing more will come from the card. The reader takes that for the card's going.
    func hangUp() { shutdown(socket.number, Int32(SHUT_WR)) }

    /// Whether the reader has closed its end; what it sent meanwhile is nobody's.
    func hasEnded() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 512)
        while true {
            let count = recv(socket.number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count == 0 { return true }
            if count < 0, errno != EINTR { return errno != EAGAIN }
        }
    }

    /// Waits for one message; nil when the reader has gone.
    func receive() -> [UInt8]? {
        guard let header = receive(exactly: 2) else { return nil }
        return receive(exactly: Int(header[0]) << 8 | Int(header[1]))
    }

    private func receive(exactly count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            if isTCP { acknowledgeAtOnce() }
            let result = bytes.withUnsafeMutableBytes {
                recv(socket.number, $0.baseAddress?.advanced(by: received), count - received, 0)
            }
            if result < 0, errno == EINTR { continue }
            if result <= 0 { return nil }
            received += result
        }
        return bytes
    }

    /// vpcd sends length and body apart, and Nagle holds the body back until the length is acknowledged; the kernel
    /// would wait 40 ms with that, and forgets this wish after each use.
    private func acknowledgeAtOnce() {
        var yes: Int32 = 1
        setsockopt(socket.number, Int32(IPPROTO_TCP), TCP_QUICKACK, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends one message; false when the reader has gone.
    func send(_ message: [UInt8]) -> Bool {
        let length = [UInt8(message.count >> 8), UInt8(message.count & 0xFF)]
        return (try? Files.send(length + message, on: socket.number)) != nil
    }
}

/// The place into which a virtual card is put.
public enum ReaderAddress: Sendable, Equatable {
    /// The AF_UNIX socket of our own virtual reader. A card that is put in before the reader is there waits for it, and
    /// one whose reader goes away is in again as soon as the reader is back, as if it had stayed in the slot.
    case virtualReader(path: String)
    /// A port of vsmartcard's vpcd on this computer. The reader must be there; a card whose reader goes is out.
    case vpcd(port: UInt16)
}

/// Tells when something appears in the folder of a reader's socket.
struct ReaderWatch: ~Copyable {
    private let notifier: Descriptor

    /// Readable after something has appeared.
    var descriptor: Int32 { notifier.number }

    /// Throws `SystemError` where the folder is not there.
    init(socket path: String) throws {
        let notifier = Descriptor(
            owning: try SystemError.check(inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)), "inotify_init1"))
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let mask = UInt32(IN_CREATE | IN_MOVED_TO)
        _ = try SystemError.check(inotify_add_watch(notifier.number, folder, mask), "inotify_add_watch \(folder)")
        self.notifier = notifier
    }

    /// Takes the news off the descriptor. Their content does not matter: the connection is tried anew.
    func clear() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(notifier.number, &buffer, buffer.count) > 0 {}
    }
}
