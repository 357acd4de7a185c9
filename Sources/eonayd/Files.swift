// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The service's own files, after the XDG base directory specification.
enum Files {
    /// `$XDG_STATE_HOME/eonay`, where the record is kept; nil for a user without a home.
    static var stateFolder: String? { folder("XDG_STATE_HOME", or: ".local/state").map { $0 + "/eonay" } }

    /// The configuration files, the strongest first.
    static var configuration: [String] {
        let own = folder("XDG_CONFIG_HOME", or: ".config").map { $0 + "/eonay/eonay.conf" }
        return [own, "/etc/eonay/eonay.conf"].compactMap(\.self)
    }

    /// A file's bytes; nil where there is none. What cannot be read, or is larger than a configuration can be, is told in `trouble`.
    static func contents(of path: String, trouble: (String) -> Void) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno != ENOENT && errno != ENOTDIR { trouble("\(path) cannot be opened (errno \(errno))") }
            return nil
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                trouble("\(path) cannot be read (errno \(errno))")
                return nil
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= 1 << 20 else {
                trouble("\(path) is larger than 1 MiB")
                return nil
            }
        }
    }

    /// A relative path in such a variable is to be ignored, says the specification.
    private static func folder(_ variable: String, or fallback: String) -> String? {
        if let value = path(in: variable) { return value }
        return home.map { "\($0)/\(fallback)" }
    }

    /// By the environment, else by passwd(5). A user whose home is "/" (a system account) has none.
    private static var home: String? {
        if let value = path(in: "HOME") { return value }
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var buffer = [CChar](repeating: 0, count: 1 << 14)
        return buffer.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress,
                getpwuid_r(geteuid(), &entry, start, buffer.count, &found) == 0, found != nil,
                let folder = entry.pw_dir.map({ String(cString: $0) })
            else { return nil }
            return isUsable(folder) ? folder : nil
        }
    }

    private static func path(in variable: String) -> String? {
        let value = getenv(variable).map { String(cString: $0) }
        return value.flatMap { isUsable($0) ? $0 : nil }
    }

    private static func isUsable(_ path: String) -> Bool {
        path.hasPrefix("/") && path.contains { $0 != "/" }
    }
}
