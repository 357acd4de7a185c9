// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// A program on a message bus that has no library: it sends what it likes, and reads when it likes, or never.
public final class RawBusClient: Sendable {
    /// The arguments of a call.
    public enum Body: Sendable {
        case none
        /// `u`
        case number(UInt32)
        /// `v`: a text of so many letters.
        case text(Int)
    }

    /// An answer to one of the calls.
    public struct Reply: Sendable, Equatable {
        public let serial: UInt32
        /// Nil where it is no error.
        public let error: String?
        /// Octets of its body.
        public let length: Int
    }

    /// Its unique name.
    public let name: String
    private let socket: Int32

    /// Connects to the bus at an address `unix:path=…` and says Hello.
    public init(_ address: String) throws {
        let path = address.split(separator: ",")[0].dropFirst("unix:path=".count)
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.socket = socket
        try UnixSocket.connect(socket, to: String(path))
        // Nothing a test waits for takes so long; a test that waits in vain shall say so.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let user = "\(getuid())".utf8.map { String($0, radix: 16) }.joined()
        try Self.send(Array("\0AUTH EXTERNAL \(user)\r\n".utf8), to: socket)
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") { line += try Self.read(1, from: socket) }
        try Self.send(Array("BEGIN\r\n".utf8), to: socket)
        try Self.send(
            Self.call(1, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", .none),
            to: socket)
        let (_, body) = try Self.message(from: socket)
        name = String(decoding: body.dropFirst(4).dropLast(), as: UTF8.self)
    }

    deinit { close() }

    /// Calls a method so many times, as fast as the bus takes it; nothing is read.
    public func call(
        _ destination: String, _ path: String, _ interface: String, _ member: String, _ body: Body, times: Int
    ) throws {
        // Serials are of one length, so only those four octets differ.
        var message = Self.call(2, destination, path, interface, member, body)
        for number in 0..<times {
            withUnsafeBytes(of: UInt32(number + 2).littleEndian) { message.replaceSubrange(8..<12, with: $0) }
            try Self.send(message, to: socket)
        }
    }

    /// Asks for all signals of a sender, which are then not read either.
    public func subscribe(to sender: String) throws {
        let rule = "type='signal',sender='\(sender)'"
        try Self.send(
            Self.message(
                1, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch",
                signature: "s", Self.string(rule)), to: socket)
        _ = try replies(1)
    }

    /// Reads so many answers; signals between them are passed over.
    public func replies(_ count: Int) throws -> [Reply] {
        var replies: [Reply] = []
        while replies.count < count {
            let (header, body) = try Self.message(from: socket)
            guard header.type == 2 || header.type == 3 else { continue }
            replies.append(
                Reply(serial: header.replySerial, error: header.type == 3 ? header.error : nil, length: body.count))
        }
        return replies
    }

    /// Leaves the bus.
    public func close() { shutdown(socket, Int32(SHUT_RDWR)) }

    // MARK: - The wire (D-Bus specification, "Message Protocol")

    private struct Header {
        var type: UInt8 = 0
        var replySerial: UInt32 = 0
        var error = ""
    }

    private static func call(
        _ serial: UInt32, _ destination: String, _ path: String, _ interface: String, _ member: String, _ body: Body
    ) -> [UInt8] {
        switch body {
        case .none: message(serial, destination, path, interface, member, signature: "", [])
        case .number(let number): message(serial, destination, path, interface, member, signature: "u", word(number))
        case .text(let length):
            message(
                serial, destination, path, interface, member, signature: "v",
                [1, UInt8(ascii: "s"), 0, 0] + string(String(repeating: "x", count: length)))
        }
    }

    private static func message(
        _ serial: UInt32, _ destination: String, _ path: String, _ interface: String, _ member: String,
        signature: String, _ body: [UInt8]
    ) -> [UInt8] {
        var fields: [UInt8] = []
        func add(_ code: UInt8, _ type: Character, _ value: [UInt8]) {
            fields += [UInt8](repeating: 0, count: -fields.count & 7)
            fields += [code, 1, type.asciiValue ?? 0, 0] + value
        }
        add(1, "o", string(path))
        add(2, "s", string(interface))
        add(3, "s", string(member))
        add(6, "s", string(destination))
        if !signature.isEmpty { add(8, "g", [UInt8(signature.utf8.count)] + Array(signature.utf8) + [0]) }
        let head = [UInt8(ascii: "l"), 1, 0, 1] + word(UInt32(body.count)) + word(serial) + word(UInt32(fields.count))
        return head + fields + [UInt8](repeating: 0, count: -fields.count & 7) + body
    }

    private static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

    private static func string(_ text: String) -> [UInt8] {
        word(UInt32(text.utf8.count)) + Array(text.utf8) + [0]
    }

    private static func message(from socket: Int32) throws -> (Header, [UInt8]) {
        let head = try read(16, from: socket)
        func word(_ bytes: [UInt8], at place: Int) -> UInt32 {
            bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        let length = Int(word(head, at: 12))
        let fields = try read(length + (-length & 7), from: socket)
        let body = try read(Int(word(head, at: 4)), from: socket)
        var header = Header(type: head[1])
        var place = 0
        while place < length {
            place += -place & 7
            let (code, type) = (fields[place], fields[place + 2])
            place += 4
            switch type {
            case UInt8(ascii: "u"):
                if code == 5 { header.replySerial = word(fields, at: place) }
                place += 4
            case UInt8(ascii: "g"): place += Int(fields[place]) + 2
            default:
                let size = Int(word(fields, at: place))
                if code == 4 { header.error = String(decoding: fields[place + 4..<place + 4 + size], as: UTF8.self) }
                place += size + 5
            }
        }
        return (header, body)
    }

    private static func send(_ bytes: [UInt8], to socket: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 || errno == EINTR else { throw SystemError.last("send") }
            sent += max(count, 0)
        }
    }

    private static func read(_ count: Int, from socket: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { Glibc.read(socket, $0.baseAddress! + done, count - done) }
            guard got > 0 || (got < 0 && errno == EINTR) else { throw SystemError.last("read") }
            done += max(got, 0)
        }
        return bytes
    }
}
