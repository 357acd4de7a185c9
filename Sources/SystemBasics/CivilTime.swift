// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A date and a time of day in the Gregorian calendar.
public struct CivilTime: Equatable, Sendable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// The reading of a clock that runs by UTC at that instant (seconds since 1970).
    ///
    /// An instant outside the years 0 to 9999 is shown as the nearest one inside.
    public init(utc seconds: Int64) {
        var (time, parts) = (Int(min(max(seconds, Self.span.lowerBound), Self.span.upperBound)), tm())
        gmtime_r(&time, &parts)
        self.init(parts)
    }

    init(_ parts: tm) {
        self.init(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec))
    }

    /// The instant at which a clock that runs by UTC shows this; nil where the calendar has no such day or the clock no such time.
    public var secondsUTC: Int64? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year) - 1900, Int32(month) - 1, Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        let seconds = Int64(timegm(&parts))
        // timegm makes 2 March of 30 February.
        return CivilTime(utc: seconds) == self ? seconds : nil
    }

    /// "2026-11-28".
    public var date: String { Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2) }

    /// "14:05:09".
    public var clock: String { [hour, minute, second].map { Self.digits($0, 2) }.joined(separator: ":") }

    /// The number with zeros before it.
    public static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }

    /// The years 0 to 9999.
    static let span: ClosedRange<Int64> = -62_167_219_200...253_402_300_799
}

/// A time zone of the system's database, as libc applies it.
///
/// libc knows one zone for the whole process, that of the variable TZ. A program adopts its zone before it starts a thread, and then asks for
/// no other: `adopt()` finds it in force, and the variable is not touched again. Where a process does ask for several (tests, and the service
/// when its configuration changes), a lock keeps the change of the zone and the conversion together. The variable exists by then, so glibc
/// exchanges one pointer in the environment and keeps the old text, which another thread may be reading.
public struct Zone: Sendable, Equatable {
    public let name: String
    /// The value of TZ.
    private let variable: String

    /// Turkey's time: UTC+3 all year since 2016, also on a machine without the database.
    public static let istanbul = Zone(named: "Europe/Istanbul") ?? Zone("Europe/Istanbul", variable: "<+03>-3")
    public static let utc = Zone("UTC", variable: "UTC0")

    /// A zone of the database such as "Europe/Berlin"; nil where there is none of that name.
    ///
    /// libc would take UTC for an unknown name and say nothing, so the file is looked for where libc reads it.
    public init?(named name: String) {
        self.init(named: name, folder: getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo")
    }

    init?(named name: String, folder: String) {
        // The name comes from a configuration file and becomes part of a path: letters, digits and "_+-" between slashes.
        let isWellFormed = name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
        }
        guard isWellFormed, Files.beginning(of: "\(folder)/\(name)", atMost: 4) == Array("TZif".utf8) else {
            return nil
        }
        self.init(name, variable: ":" + name)
    }

    init(_ name: String, variable: String) {
        self.name = name
        self.variable = variable
    }

    /// The reading of clocks and calendars there at that instant (seconds since 1970).
    ///
    /// An instant outside the years 0 to 9999 is shown as the nearest one inside.
    public func time(at seconds: Int64) -> CivilTime { CivilTime(parts(at: seconds)) }

    /// Seconds that clocks there are ahead of UTC at that instant.
    public func offset(at seconds: Int64) -> Int { parts(at: seconds).tm_gmtoff }

    /// Makes this the zone of the process.
    public func adopt() { Self.current.withLock { adopt(instead: &$0) } }

    private func parts(at seconds: Int64) -> tm {
        Self.current.withLock { current in
            adopt(instead: &current)
            // A day inside both ends, so that no offset leads into another year.
            let (first, last) = (CivilTime.span.lowerBound + 86_400, CivilTime.span.upperBound - 86_400)
            var (time, parts) = (Int(min(max(seconds, first), last)), tm())
            localtime_r(&time, &parts)
            return parts
        }
    }

    private func adopt(instead current: inout String?) {
        guard current != variable else { return }
        setenv("TZ", variable, 1)
        tzset()
        current = variable
    }

    /// The zone in force. A job inherits TZ from the program that started it, and has nothing to change.
    private static let current = Guarded(getenv("TZ").map { String(cString: $0) })
}
