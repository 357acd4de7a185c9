// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

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
