// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A connection on which a test says what no HTTP client would.
enum RawConnection {
    /// Sends the octets as they are, then reads until the portal closes the connection.
    static func exchange(_ octets: [UInt8], with portal: PortalClient) async throws -> String {
        let port = Int(portal.address.split(separator: ":").last ?? "") ?? 0
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: octets))
            var answer = ByteBuffer()
            do {
                for try await part in inbound { answer.writeImmutableBuffer(part) }
            } catch is IOError {
                // Closed while there was something left to read: that is an end, too.
            }
            return String(buffer: answer)
        }
    }

    static func exchange(_ text: String, with portal: PortalClient) async throws -> String {
        try await exchange(Array(text.utf8), with: portal)
    }
}
