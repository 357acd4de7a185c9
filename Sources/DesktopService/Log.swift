// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import SystemBasics

/// The service's log: entries with fields in the journal, where standard error leads there; else lines on standard error.
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
    private let journal: JournalSocket?
    /// Whether lines have the level in front, where the journal reads it (sd-daemon(3)).
    private let hasLevels: Bool
    private let sink: (@Sendable (String) -> Void)?

    /// - Parameters:
    ///   - least: what is less urgent is dropped.
    ///   - journal: where entries go, with fields; nil: to standard error.
    ///   - sink: where lines go instead of standard error, for tests.
    public init(
        least: Level = .info, journal: JournalSocket? = .ofStandardError(), sink: (@Sendable (String) -> Void)? = nil
    ) {
        self.least = least
        self.journal = sink == nil ? journal : nil
        self.sink = sink
        hasLevels = getenv("JOURNAL_STREAM") != nil
    }

    public func error(_ text: @autoclosure () -> String) { write(.error, text) }
    public func warning(_ text: @autoclosure () -> String) { write(.warning, text) }
    public func info(_ text: @autoclosure () -> String) { write(.info, text) }
    public func debug(_ text: @autoclosure () -> String) { write(.debug, text) }

    /// - Parameter fields: for programs that read the journal.
    public func notice(_ text: @autoclosure () -> String, fields: [JournalField] = []) { write(.notice, text, fields) }

    private func write(_ level: Level, _ text: () -> String, _ fields: [JournalField] = []) {
        guard level <= least else { return }
        let text = text()
        let common = [
            JournalField("MESSAGE", text), JournalField("PRIORITY", "\(level.rawValue)"),
            JournalField("SYSLOG_IDENTIFIER", "eonayd"),
        ]
        if let journal, journal.send(common + fields) { return }
        let line = hasLevels ? "<\(level.rawValue)>\(text)\n" : "eonayd: \(text)\n"
        guard sink == nil else {
            sink?(line)
            return
        }
        // One write, so that lines do not mix; a log that cannot be written is nobody's loss.
        _ = line.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
