// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// An instant as the contract writes it: RFC 3339 in UTC, to the second.
public struct Timestamp: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let seconds: Int64

    public init(seconds: Int64) { self.seconds = seconds }

    /// Reads `2026-11-22T12:55:36Z`; a fraction of a second is dropped, an offset other than Z is not read.
    public init?(_ text: String) {
        let octets = Array(text.utf8)
        guard octets.count >= 20, octets.last == UInt8(ascii: "Z") else { return nil }
        for (place, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
            guard octets[place] == mark.utf8.first else { return nil }
        }
        if octets.count > 20 {
            let fraction = octets[20..<octets.count - 1]
            guard octets[19] == UInt8(ascii: "."), !fraction.isEmpty, fraction.allSatisfy(Self.isDigit) else {
                return nil
            }
        }
        func number(_ range: Range<Int>) -> Int? {
            octets[range].allSatisfy(Self.isDigit) ? Int(String(decoding: octets[range], as: UTF8.self)) : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let seconds = CivilTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second
            ).secondsUTC
        else { return nil }
        self.seconds = seconds
    }

    /// `2026-11-22T12:55:36Z`.
    public var text: String {
        let time = CivilTime(utc: seconds)
        return "\(time.date)T\(time.clock)Z"
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }
}
