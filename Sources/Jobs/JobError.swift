// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc
internal import SystemBasics

/// A job that could not be started, or did not do its part. It never holds a byte of the conversation.
public struct JobError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fault.
    public enum Code: String, Sendable {
        /// The program is nowhere where it should be.
        case notFound = "program not found"
        /// The system refused a call; `detail` names it.
        case system = "system call failed"
        /// This process has no descriptor left, or the system no process: for a moment, or until something is given back.
        case exhausted = "out of descriptors or processes"
        /// The job closed its end without an answer; `status` says how it ended.
        case ended
        /// The job was killed because its time was over.
        case deadline = "time over"
        /// The job sent something that is no frame or no message; it was killed.
        case garbage
        /// The message to send is longer than a frame may be.
        case tooLong = "too long"
        /// The waiting task was cancelled, the job was killed by this program, or the runner was stopped.
        case cancelled
    }

    public let code: Code
    /// Base name of the program.
    public let program: String
    /// Further facts: the call and its error, the field of a broken message, the places that were looked at.
    public let detail: String
    /// How the process ended, where it has.
    public let status: ExitStatus?

    /// Creates an error.
    public init(_ code: Code, _ program: String, detail: String = "", status: ExitStatus? = nil) {
        self.code = code
        self.program = program
        self.detail = detail
        self.status = status
    }

    /// The system's refusal to start a program.
    init(_ error: SystemError, _ program: String) {
        let isShortage = [EMFILE, ENFILE, EAGAIN, ENOMEM].contains(error.code)
        self.init(isShortage ? .exhausted : .system, program, detail: "\(error)")
    }

    public static func == (left: JobError, right: JobError) -> Bool { left.code == right.code }

    public var description: String {
        var text = "\(program): \(code.rawValue)"
        if let status { text += ", \(status)" }
        if !detail.isEmpty { text += " (\(detail))" }
        return text
    }
}

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
