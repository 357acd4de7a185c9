// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

/// Gives back the memory that a start, a card, an approval or many calls needed for a moment: the service then sits there all day
/// (docs/decisions/0008).
final class Tidying {
    /// The job that shows notifications goes three seconds after the last one, and its end is work, too.
    private static let quiet = Duration.seconds(4)

    private let scheduler: any Scheduler
    private var timer: (any Cancellable)?
    private var hasEnded = false

    /// The owner's own part, done before the heap and the code are given back.
    var giveBack: () async -> Void = {}

    init(_ scheduler: any Scheduler) { self.scheduler = scheduler }

    /// Something has happened: tidies once it has been quiet since.
    func later() {
        timer?.cancel()
        guard !hasEnded else { return }
        timer = scheduler.timer(after: Self.quiet) { [weak self] in
            guard let self else { return }
            self.scheduler.task { [giveBack] in
                await giveBack()
                Heap.trim()
                LoadedCode.release()
            }
        }
    }

    func end() {
        hasEnded = true
        timer?.cancel()
    }
}
