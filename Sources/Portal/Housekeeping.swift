// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// What the portal does without being asked: forget what has lapsed, keep event streams alive.
struct Housekeeping: Service {
    let service: PortalService
    let tls: TLSFiles?

    func run() async throws {
        let (ticks, tick) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleRepeatedTask(
            initialDelay: .zero, delay: .seconds(15)
        ) { _ in tick.yield() }
        defer { timer.cancel() }
        var turn = 0
        for await _ in ticks.cancelOnGracefulShutdown() {
            service.events.postToAll()
            if turn.isMultiple(of: 4) { await tidyUp() }
            turn += 1
        }
    }

    private func tidyUp() async {
        do {
            if try tls?.reload() == true { service.logger.notice("TLS certificate read again") }
            service.metrics.codesLapsed(try await service.store.sweep(at: service.clock.now()).lapsedCodes)
        } catch {
            service.logger.error("housekeeping failed, continuing", metadata: ["error": "\(type(of: error))"])
        }
    }
}
