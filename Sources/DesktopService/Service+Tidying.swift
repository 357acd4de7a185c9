// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Store

/// What a start, a card, an approval or many calls needed for a moment is given back when it has become quiet: the service then sits there all day.
extension Service {
    private static let quiet: Duration = .seconds(2)

    func tidyLater() {
        tidyTimer?.cancel()
        tidyTimer = loop.timer(after: Self.quiet) { [weak self] in self?.assumeIsolated { $0.tidy() } }
    }

    private func tidy() {
        tidyTimer = nil
        guard !isEnding else { return }
        parts.bus.endBurst()
        task {
            await self.journal.tidy()
            Heap.trim()
        }
    }
}
