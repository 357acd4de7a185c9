// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Signatures

/// What the portal does without being asked: forget what has lapsed, keep event streams alive.
struct Housekeeping: Service {
    let service: PortalService
    let tls: TLSFiles?

    func run() async throws {
        let (ticks, tick) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleRepeatedTask(
            initialDelay: .zero, delay: .seconds(1)
        ) { _ in tick.yield() }
        defer { timer.cancel() }
        var turn: Int64 = 0
        var anchors = service.judge.anchors.last
        for await _ in ticks.cancelOnGracefulShutdown() {
            service.events.postToQuiet()
            if turn.isMultiple(of: Self.tidyPause) {
                lookAtAnchors(&anchors)
                await tidyUp()
            }
            turn += 1
        }
    }

    private static let tidyPause: Int64 = 60

    /// Anchors are read again by the next signature; that they changed, and what is none, is told before.
    private func lookAtAnchors(_ known: inout TrustStore) {
        do {
            let anchors = try service.judge.anchors.current()
            guard anchors != known else { return }
            known = anchors
            service.logger.notice("anchors read again", metadata: ["anchors": "\(anchors.anchors.count)"])
            anchors.tellRejected(service.logger)
        } catch {
            service.logger.error("the anchors cannot be read: signatures cannot be judged, continuing")
        }
    }

    private func tidyUp() async {
        do {
            if try tls?.reload() == true { service.logger.notice("TLS certificate read again") }
        } catch {
            service.logger.error(
                "the changed TLS files cannot be used, continuing with the ones before",
                metadata: ["reason": "\(error)"])
        }
        await service.desk.sweep(at: service.clock.now())
        do {
            service.metrics.codesLapsed(try await service.store.sweep(at: service.clock.now()).lapsedCodes)
        } catch {
            service.logger.error(
                "what has lapsed could not be removed, continuing", metadata: Logger.Metadata(of: error))
        }
    }
}

extension TrustStore {
    /// Warns of each file among the anchors that is none.
    func tellRejected(_ logger: Logger) {
        for rejected in rejected {
            logger.warning("not an anchor", metadata: ["file": "\(rejected.source)", "reason": "\(rejected.reason)"])
        }
    }
}
