// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Logging
import ServiceLifecycle

/// What the portal does without being asked: forget what has lapsed, keep event streams alive.
struct Housekeeping: Service {
    let service: PortalService

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for turn in 0... {
                service.events.postToAll()
                if turn.isMultiple(of: 4) { await tidyUp() }
                do {
                    try await Task.sleep(for: .seconds(15))
                } catch {
                    // The shutdown wakes the sleeper by cancelling it.
                    return
                }
            }
        }
    }

    private func tidyUp() async {
        do {
            service.metrics.codesLapsed(try await service.store.sweep(at: service.clock.now()).lapsedCodes)
        } catch {
            service.logger.error("housekeeping failed, continuing", metadata: ["error": "\(type(of: error))"])
        }
    }
}
