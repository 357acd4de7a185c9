// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Logging
import PortalContract

/// Writes each event of the log as one line of JSON to standard error. Where that is systemd's journal, the level stands
/// in front as a priority (sd-daemon(3)), which the journal takes off again.
struct JSONLog: LogHandler {
    /// Standard error is the journal's.
    let isJournal: Bool
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        let members =
            [
                JSON.Member("time", .string(Timestamp(seconds: Int64(Date().timeIntervalSince1970)).text)),
                JSON.Member("level", .string(event.level.rawValue)),
                JSON.Member("message", .string("\(event.message)")),
            ] + merged.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string("\($0.value)")) }
        let line = Array((isJournal ? "<\(event.level.priority)>" : "").utf8) + JSON.object(members).utf8 + [0x0A]
        // One call, so that lines of several threads do not mix. A log that cannot be written is no reason to stop.
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Logger.Level {
    /// The priority of syslog(3).
    var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}
