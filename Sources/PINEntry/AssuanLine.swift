// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

/// Lines of the Assuan protocol (libassuan's manual, "Client requests" and "Server responses").
enum AssuanLine {
    /// The most octets a line may have before its LF.
    static let longest = 1000

    /// A command with an argument, LF included; "%", CR and LF are escaped.
    static func command(_ name: String, _ argument: String = "") -> [UInt8] {
        let line = argument.isEmpty ? Array(name.utf8) : Array(name.utf8) + [UInt8(ascii: " ")] + escaped(argument)
        return line + [UInt8(ascii: "\n")]
    }

    /// Whether the command's line is short enough for the other side.
    static func fits(_ name: String, _ argument: String) -> Bool {
        command(name, argument).count - 1 <= longest
    }

    /// The kind of an answer.
    enum Answer: Equatable {
        case ok
        /// gpg-error's code without its source.
        case error(UInt32)
        /// Data follow the two first octets.
        case data
        /// A line that needs no reaction: a comment, a status.
        case other
        /// The server asks something back.
        case inquiry
    }

    /// Tells what a line is by its first word; the data themselves are not looked at.
    static func answer(_ line: Span<UInt8>) -> Answer {
        if begins(line, "D ") { return .data }
        if begins(line, "OK"), line.count == 2 || line[2] == UInt8(ascii: " ") { return .ok }
        if begins(line, "INQUIRE ") { return .inquiry }
        guard begins(line, "ERR ") else { return .other }
        var code: UInt32 = 0
        var index = 4
        while index < line.count, (0x30...0x39).contains(line[index]) {
            code = code &* 10 &+ UInt32(line[index] - 0x30)
            index += 1
        }
        return .error(code & 0xFFFF)
    }

    /// Hands each octet of a data line to the taker, escapes resolved. A "%" that begins no escape stands for itself.
    static func unescape(_ line: Span<UInt8>, _ take: (UInt8) -> Void) {
        var index = 2
        while index < line.count {
            if line[index] == UInt8(ascii: "%"), index + 2 < line.count,
                let high = Hexadecimal.value(of: line[index + 1]), let low = Hexadecimal.value(of: line[index + 2])
            {
                take(high << 4 | low)
                index += 3
            } else {
                take(line[index])
                index += 1
            }
        }
    }

    private static func escaped(_ text: String) -> [UInt8] {
        text.utf8.flatMap { octet -> [UInt8] in
            switch octet {
            case UInt8(ascii: "%"): Array("%25".utf8)
            case UInt8(ascii: "\r"): Array("%0D".utf8)
            case UInt8(ascii: "\n"): Array("%0A".utf8)
            default: [octet]
            }
        }
    }

    private static func begins(_ line: Span<UInt8>, _ word: StaticString) -> Bool {
        guard line.count >= word.utf8CodeUnitCount else { return false }
        return (0..<word.utf8CodeUnitCount).allSatisfy { line[$0] == word.utf8Start[$0] }
    }
}
