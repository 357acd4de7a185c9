// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A time zone, read from the system's tz database.
///
/// Why not `localtime_r`: it knows one zone, that of the process's TZ, and changing an environment variable while other
/// threads run is undefined behaviour. So the compiled files (TZif, RFC 9636) are read here.
public struct Zone: Sendable, Equatable {
    public let name: String
    private let table: ZoneTable

    /// Turkey's time: at UTC+3 all the year since 2016, also where the machine has no tz database.
    public static let istanbul = Zone(named: "Europe/Istanbul") ?? Zone("Europe/Istanbul", offset: 3 * 3600)
    public static let utc = Zone("UTC", offset: 0)

    /// A zone of the tz database such as "Europe/Berlin"; nil where there is none of that name.
    public init?(named name: String) {
        self.init(named: name, folder: "/usr/share/zoneinfo")
    }

    init?(named name: String, folder: String) {
        // A name comes from a configuration file and becomes part of a path: letters, digits and "_+-" between slashes.
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isWellFormed = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
        }
        guard isWellFormed, let bytes = Self.read("\(folder)/\(name)"), let table = try? ZoneTable(tzif: bytes) else {
            return nil
        }
        self.name = name
        self.table = table
    }

    init(_ name: String, offset: Int) {
        self.name = name
        table = ZoneTable(offset: offset)
    }

    /// Seconds that clocks there are ahead of UTC at that instant.
    public func offset(at seconds: Int64) -> Int {
        table.offset(at: Self.clamped(seconds))
    }

    /// What clocks and calendars there show at that instant. Instants outside the years 0 to 9999 are told as the
    /// nearest of these years.
    public func localTime(at seconds: Int64) -> LocalTime {
        let seconds = Self.clamped(seconds)
        return LocalTime(clockSeconds: seconds + Int64(table.offset(at: seconds)))
    }

    /// A day inside both ends, so that no zone's offset leads into another year.
    private static func clamped(_ seconds: Int64) -> Int64 {
        min(max(seconds, -62_167_132_800), 253_402_214_399)
    }

    /// The file's bytes; nil where it cannot be read or is larger than any zone (the largest are below 4 KiB).
    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count <= 65_536 {
            let chunk = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
                count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
            }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
        return nil
    }
}
