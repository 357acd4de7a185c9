// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The kernel's list of local sockets, by sock_diag(7).
///
/// /proc/net/unix names the server's end of a connection only; sock_diag gives the other end's inode, too. The messages
/// are put together by hand, since they are few and of fixed layout (linux/netlink.h, linux/unix_diag.h).
enum UnixSockets {
    /// The inodes of the clients' ends of all connections to the socket at this path; empty where the system refuses.
    static func peers(of path: String) -> [UInt32] {
        let sockDiag: Int32 = 4  // NETLINK_SOCK_DIAG
        let descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), sockDiag)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let request = request()
        guard send(descriptor, request, request.count, 0) == request.count else { return [] }
        var peers: [UInt32] = []
        while let message = receive(descriptor) {
            guard message.withUnsafeBytes({ collect($0, path, &peers) }) else { break }
        }
        return peers
    }

    private static let byFamily: UInt16 = 20  // SOCK_DIAG_BY_FAMILY
    private static let error: UInt16 = 2  // NLMSG_ERROR
    private static let done: UInt16 = 3  // NLMSG_DONE
    private static let nameAttribute: UInt16 = 0  // UNIX_DIAG_NAME
    private static let peerAttribute: UInt16 = 2  // UNIX_DIAG_PEER

    /// struct nlmsghdr and struct unix_diag_req: a dump of connected sockets with their names and peers.
    private static func request() -> [UInt8] {
        var bytes: [UInt8] = []
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
        }
        append(UInt32(16 + 24))
        append(byFamily)
        append(UInt16(0x301))  // NLM_F_REQUEST | NLM_F_DUMP
        append(UInt32(1))
        append(UInt32(0))
        append(UInt8(AF_UNIX))
        append(UInt8(0))
        append(UInt16(0))
        append(UInt32(1 << 1))  // TCP_ESTABLISHED
        append(UInt32(0))
        append(UInt32(0x1 | 0x4))  // UDIAG_SHOW_NAME | UDIAG_SHOW_PEER
        append(UInt64.max)  // any cookie
        return bytes
    }

    private static func receive(_ descriptor: Int32) -> [UInt8]? {
        let message = [UInt8](unsafeUninitializedCapacity: 32768) { buffer, count in
            count = max(0, recv(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        return message.isEmpty ? nil : message
    }

    /// Reads the answers in one datagram; false when the list is over.
    private static func collect(_ bytes: UnsafeRawBufferPointer, _ path: String, _ peers: inout [UInt32]) -> Bool {
        var offset = 0
        while offset + 16 <= bytes.count {
            let length = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            let type = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt16.self)
            guard type != done, type != error, length >= 16, offset + length <= bytes.count else { return false }
            // struct unix_diag_msg has 16 bytes; its attributes follow.
            if type == byFamily, length >= 32 {
                let attributes = UnsafeRawBufferPointer(rebasing: bytes[(offset + 32)..<(offset + length)])
                if let peer = peer(attributes, named: path) { peers.append(peer) }
            }
            offset += (length + 3) & ~3
        }
        return true
    }

    /// The peer among a socket's attributes (struct nlattr), if the socket's name is this path.
    private static func peer(_ bytes: UnsafeRawBufferPointer, named path: String) -> UInt32? {
        var isNamed = false
        var peer: UInt32?
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            let type = bytes.loadUnaligned(fromByteOffset: offset + 2, as: UInt16.self)
            guard length >= 4, offset + length <= bytes.count else { return nil }
            let value = bytes[(offset + 4)..<(offset + length)]
            if type == nameAttribute { isNamed = value.prefix { $0 != 0 }.elementsEqual(path.utf8) }
            if type == peerAttribute, value.count == 4 {
                peer = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            }
            offset += (length + 3) & ~3
        }
        return isNamed ? peer : nil
    }
}
