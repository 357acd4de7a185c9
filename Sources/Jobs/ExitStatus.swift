// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// How a process ended.
public enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// By itself, with this status.
    case exited(Int32)
    /// By a signal.
    case killed(signal: Int32)
    /// The system no longer knows (somebody else reaped the child).
    case unknown

    /// From a status as wait(2) gives it; nil where there is none.
    init(waitStatus: Int32?) {
        guard let waitStatus else {
            self = .unknown
            return
        }
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .killed(signal: signal)
    }

    public var description: String {
        switch self {
        case .exited(let code): return "exit status \(code)"
        case .killed(let signal):
            return "killed by \(StartedProcess.signalName(signal) ?? "signal \(signal)")"
        case .unknown: return "ended, nobody knows how"
        }
    }
}
