// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A process as /proc shows it. What may not be read, or is gone meanwhile, is as if it were not there.
struct RunningProcess: Sendable, CustomStringConvertible {
    let id: pid_t

    /// All processes, by their number.
    static func all() -> [RunningProcess] {
        names(in: "/proc").compactMap { pid_t($0) }.sorted().map { RunningProcess(id: $0) }
    }

    /// The program's name and the number, such as "DYS (4711)"; never the arguments.
    var description: String { "\(name) (\(id))" }

    /// The name that the kernel shows, 15 bytes at most. A program can set it to anything, so it is cleaned.
    var name: String {
        let text = String(decoding: Self.read("/proc/\(id)/comm"), as: UTF8.self)
        let clean = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
            default: true
            }
        }
        return clean.isEmpty ? "?" : String(String.UnicodeScalarView(clean))
    }

    /// The number of the parent; nil where the process is gone.
    var parent: pid_t? {
        // The name, in brackets, may hold anything; the state and the parent follow the last bracket.
        let fields = String(decoding: Self.read("/proc/\(id)/stat"), as: UTF8.self)
            .split(separator: ")").last?.split(separator: " ")
        guard let fields, fields.count > 1 else { return nil }
        return pid_t(fields[1])
    }

    /// Whether one of these links ("socket:[1234]") is among its descriptors.
    func holdsAny(of links: Set<String>) -> Bool {
        let folder = "/proc/\(id)/fd"
        return Self.names(in: folder).contains { name in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
                let length = readlink("\(folder)/\(name)", buffer.baseAddress!, buffer.count)
                return length > 0 && links.contains(String(decoding: buffer[..<length], as: UTF8.self))
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }.filter { $0 != 0x0A }
    }
}
