// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A frame that is not what was agreed, and the field where that showed. It never holds a value from the frame.
public struct FrameError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fault.
    public enum Code: String, Sendable {
        /// The frame ends before the field does.
        case truncated
        /// Bytes follow the message.
        case trailingBytes = "trailing bytes"
        /// The frame, or a part of it, is longer than is allowed.
        case tooLong = "too long"
        /// A list has more elements than is allowed or than the frame can hold.
        case tooMany = "too many elements"
        /// A tag or a word that is not defined.
        case unknownChoice = "unknown choice"
        /// A string is not UTF-8.
        case invalidText = "not UTF-8"
        /// The other side speaks another version of the protocol.
        case unknownVersion = "unknown version"
        /// The stream ended inside a frame.
        case incomplete
        /// Reading from or writing to the socket failed.
        /// A value has no form in a frame: a nil in a list.
        case unsupported = "no form in a frame"
        /// Values stand in values more often than is allowed.
        case tooDeep = "too deep"
        /// A value that its own type refuses.
        case invalidValue = "invalid value"
        case inputOutput = "input or output failed"
    }

    public let code: Code
    /// Name of the field; "frame" for the frame as a whole, the call's name for a failed call.
    public let field: String
    /// `errno` of a failed call, else 0.
    public let errorNumber: Int32

    /// Creates an error of this code at this field.
    public init(_ code: Code, _ field: String, errorNumber: Int32 = 0) {
        self.code = code
        self.field = field
        self.errorNumber = errorNumber
    }

    public static func == (left: FrameError, right: FrameError) -> Bool { left.code == right.code }

    public var description: String {
        errorNumber == 0 ? "\(field): \(code.rawValue)" : "\(field): \(code.rawValue) (errno \(errorNumber))"
    }
}
