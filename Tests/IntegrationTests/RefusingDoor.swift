// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// Stands before a pcscd and refuses everybody, as polkit makes it do (SCARD_W_SECURITY_VIOLATION), until it is opened: then
/// it passes everything on. It speaks pcsc-lite's protocol as far as the refusal.
final class RefusingDoor: @unchecked Sendable {  // unchecked: everything that changes is behind `lock`
    let path: String
    private let target: String
    private let folder: TemporaryFolder
    private let lock = NSLock()
    private var isOpen = false
    private let listener: Int32

    init(before pcscd: PrivatePCSCD) throws {
        folder = try TemporaryFolder()
        path = folder.file("door")
        target = pcscd.socketPath
        listener = try Self.socket(path) { bind($0, $1, $2) }
        try #require(listen(listener, 8) == 0)
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                Thread.detachNewThread { [weak self] in
                    self?.serve(client)
                    Glibc.close(client)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
    }

    func open() { lock.withLock { isOpen = true } }

    private func serve(_ client: Int32) {
        if lock.withLock({ isOpen }) { return Self.pass(client, to: target) }
        while let header = Self.read(client, 8), let body = Self.read(client, Int(Self.number(header, 0))) {
            switch Self.number(header, 4) {
            case 0x11:  // CMD_VERSION: the version is agreed to
                Self.write(client, Array(body.prefix(8)) + [0, 0, 0, 0])
            case 0x01:  // SCARD_ESTABLISH_CONTEXT
                Self.write(client, Array(body.prefix(4)) + [0, 0, 0, 0] + [0x6A, 0x00, 0x10, 0x80])
            default: return
            }
        }
    }

    private static func pass(_ client: Int32, to target: String) {
        guard let server = try? socket(target, { connect($0, $1, $2) }) else { return }
        defer { Glibc.close(server) }
        var ends = [
            pollfd(fd: client, events: Int16(POLLIN), revents: 0),
            pollfd(fd: server, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while poll(&ends, 2, -1) > 0 {
            for (from, to) in [(0, 1), (1, 0)] where ends[from].revents != 0 {
                let count = recv(ends[from].fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                write(ends[to].fd, Array(buffer[..<count]))
            }
        }
    }

    private static func socket(
        _ path: String, _ attach: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                attach(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }

    private static func read(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return bytes }
        return recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private static func write(_ descriptor: Int32, _ bytes: [UInt8]) {
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    }
}
