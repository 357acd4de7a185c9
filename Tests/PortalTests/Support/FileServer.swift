// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Serves octets on loopback for as long as a body runs.
final class FileServer: Sendable {
    private let files = Mutex<[String: [UInt8]]>([:])
    private let asked = Mutex<Int>(0)

    /// Puts a file at a path.
    func put(_ bytes: [UInt8], at path: String) { files.withLock { $0[path] = bytes } }

    /// The number of requests.
    var requests: Int { asked.withLock { $0 } }

    static func with<Value: Sendable>(
        _ body: (_ server: FileServer, _ address: String) async throws -> Value
    ) async throws -> Value {
        let server = FileServer()
        let router = Router()
        router.get("/:name") { request, _ -> Response in
            server.asked.withLock { $0 += 1 }
            guard let bytes = server.files.withLock({ $0[request.uri.path] }) else {
                return Response(status: .notFound)
            }
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "files") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                announce.yield(channel.localAddress?.port ?? 0)
                announce.finish()
            }, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: application)], logger: logger))
        let running = Task { try await group.run() }
        var port = 0
        for await announced in ports { port = announced }
        let result: Value
        do {
            result = try await body(server, "http://127.0.0.1:\(port)")
        } catch {
            await group.triggerGracefulShutdown()
            try? await running.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return result
    }
}

/// A port that takes connections and never says anything, until it is let go: nobody accepts them.
final class SilentPort {
    private let descriptor: Int32
    let address: String

    init() {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(descriptor, pointer, length)
                _ = listen(descriptor, 16)
                _ = getsockname(descriptor, pointer, &length)
            }
        }
        self.descriptor = descriptor
        address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    }

    deinit { close(descriptor) }
}
