// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#endif

/// A connection on which a test says what no HTTP client would.
enum RawConnection {
    /// Sends the octets as they are, then reads until the portal closes the connection.
    static func exchange(_ octets: [UInt8], with portal: PortalClient) async throws -> String {
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port(of: portal)) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            var answer = ByteBuffer()
            do {
                try await outbound.write(ByteBuffer(bytes: octets))
                for try await part in inbound { answer.writeImmutableBuffer(part) }
            } catch is IOError {
                // Closed while there was something left to read: that is an end, too.
            } catch is ChannelError {
                // Closed before anything was sent.
            }
            return String(buffer: answer)
        }
    }

    static func exchange(_ text: String, with portal: PortalClient) async throws -> String {
        try await exchange(Array(text.utf8), with: portal)
    }

    /// Sends the text and leaves the connection open. It reads nothing, and does not mind that the portal says no more.
    static func begin(_ text: String, with portal: PortalClient) async throws -> any Channel {
        let channel = try await bootstrap.channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // So little fits in that a portal soon waits for its answers to be read.
            .channelOption(.socketOption(.so_rcvbuf), value: 2048)
            .connect(host: "127.0.0.1", port: port(of: portal)).get()
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        return channel
    }

    /// Sends an octet every now and then until the portal has closed the connection.
    static func drip(on channel: any Channel) async throws {
        let drops = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { _ in
            channel.writeAndFlush(ByteBuffer(string: "z"), promise: nil)
        }
        try await channel.closeFuture.get()
        drops.cancel()
    }

    /// Reads, and throws away what it reads, until the portal has closed the connection.
    static func untilClosed(_ channel: any Channel) async throws {
        // This fails where it is closed already.
        try? await channel.setOption(.autoRead, value: true).get()
        try await channel.closeFuture.get()
    }

    /// Sends as much as the portal takes; tells how many octets that were.
    static func flood(on channel: any Channel) async throws -> Int {
        let piece = ByteBuffer(repeating: 0x78, count: 65_536)
        var count = 0
        while true {
            do { try await channel.writeAndFlush(piece) } catch { break }
            count += piece.readableBytes
        }
        try? await channel.close()
        return count
    }

    /// Hangs up so that the other end learns of it as a failure.
    static func reset(_ channel: any Channel) async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    private static var bootstrap: ClientBootstrap { ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton) }

    private static func port(of portal: PortalClient) -> Int {
        Int(portal.address.split(separator: ":").last ?? "") ?? 0
    }
}
