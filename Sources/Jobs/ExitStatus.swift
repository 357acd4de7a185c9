// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn

/// How a process ended.
public enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// By itself, with this status.
    case exited(Int32)
    /// By a signal.
    case killed(signal: Int32)
    /// The system no longer knows (somebody else reaped the child).
    case unknown

    public var description: String {
        switch self {
        case .exited(let code): return "exit status \(code)"
        case .killed(let signal):
            guard let name = cspawn_signal_name(signal) else { return "killed by signal \(signal)" }
            return "killed by SIG\(String(cString: name))"
        case .unknown: return "ended, nobody knows how"
        }
    }
}
