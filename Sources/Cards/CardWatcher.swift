// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The source of card events: `CardMonitor`, or a test's own.
public protocol CardWatcher: Sendable {
    /// Each change as a whole picture; for one reader of the stream. It ends with `stop()`.
    ///
    /// If more than 64 wait to be read, the oldest are dropped: the newest is always there.
    var snapshots: AsyncStream<CardSnapshot> { get }

    /// Begins to watch.
    func start()

    /// Whether a smart-card service is installed on this computer; one that does not run can be started then.
    var isServiceInstalled: Bool { get }

    /// Looks again now: after a refusal, and for the end of another program's exclusive hold, which no event tells.
    ///
    /// Returns at once, from any thread.
    func retry()

    /// The other programs that have cards open, as "name (pid)", comma-separated; empty where the system does not show it.
    func holder(of reader: String) -> String

    /// Ends the watch and waits for its end: for milliseconds, and for 1.5 s at most where `pcscd` hangs.
    func stop()

    /// The same, without holding up the caller's thread.
    func end() async
}

extension CardWatcher {
    public var isServiceInstalled: Bool { true }

    public func end() async { stop() }
}
