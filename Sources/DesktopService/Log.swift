// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The service's log: a line on standard error, with the level in front where the journal reads it (sd-daemon(3)).
///
/// Only the service logs, once, where it decides. No PIN, code, identity number, name or label ever stands in a line.
public struct Log: Sendable {
    public enum Level: Int, Sendable, Comparable {
        case error = 3
        case warning = 4
        case notice = 5
        case info = 6
        case debug = 7

        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    private let least: Level
    private let isJournal: Bool
    private let sink: (@Sendable (String) -> Void)?

    /// - Parameters:
    ///   - least: what is less urgent is dropped.
    ///   - sink: where lines go instead of standard error, for tests.
    public init(least: Level = .info, sink: (@Sendable (String) -> Void)? = nil) {
        self.least = least
        self.sink = sink
        isJournal = getenv("JOURNAL_STREAM") != nil
    }

    public func error(_ text: @autoclosure () -> String) { write(.error, text) }
    public func warning(_ text: @autoclosure () -> String) { write(.warning, text) }
    public func notice(_ text: @autoclosure () -> String) { write(.notice, text) }
    public func info(_ text: @autoclosure () -> String) { write(.info, text) }
    public func debug(_ text: @autoclosure () -> String) { write(.debug, text) }

    private func write(_ level: Level, _ text: () -> String) {
        guard level <= least else { return }
        let line = isJournal ? "<\(level.rawValue)>\(text())\n" : "eonayd: \(text())\n"
        guard sink == nil else {
            sink?(line)
            return
        }
        // One write, so that lines do not mix; a log that cannot be written is nobody's loss.
        _ = line.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
