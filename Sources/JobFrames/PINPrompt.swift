// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How `eonay-token` comes to the PIN.
public enum PINPrompt: FrameValue {
    /// By a pinentry: this program, or the system's own where the path is nil.
    case pinentry(path: String?)
    /// On the caller's terminal, the job's descriptor 5.
    case terminal
    /// From the job's descriptor 4.
    case descriptor
    /// Not at all; only a reader's keypad is left.
    case none

    public init(from reader: inout FrameReader) throws(FrameError) {
        switch try reader.u8("prompt") {
        case 0: self = .pinentry(path: try reader.optionalString("prompt.path"))
        case 1: self = .terminal
        case 2: self = .descriptor
        case 3: self = .none
        default: throw FrameError(.unknownChoice, "prompt")
        }
    }

    public func write(to writer: inout FrameWriter) {
        switch self {
        case .pinentry(let path):
            writer.u8(0)
            writer.optionalString(path)
        case .terminal: writer.u8(1)
        case .descriptor: writer.u8(2)
        case .none: writer.u8(3)
        }
    }
}
