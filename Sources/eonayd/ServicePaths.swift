// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The service's own files, after the XDG base directory specification.
enum ServicePaths {
    /// `$XDG_STATE_HOME/eonay`, where the record is kept; nil for a user without a home.
    static var stateFolder: String? { folder("XDG_STATE_HOME", or: ".local/state").map { $0 + "/eonay" } }

    /// Where the record is kept: of a service that shall remember nothing, in the folder that ends with the session, which is memory
    /// (pam_systemd(8), XDG_RUNTIME_DIR). It outlives a crash there, so that an approval which reached a portal is not lost.
    static func record(isRemembered: Bool) -> String? {
        isRemembered ? stateFolder : path(in: "XDG_RUNTIME_DIR").map { $0 + "/eonay" }
    }

    /// The configuration files, the strongest first.
    static var configuration: [String] {
        let own = folder("XDG_CONFIG_HOME", or: ".config").map { $0 + "/eonay/eonay.conf" }
        return [own, "/etc/eonay/eonay.conf"].compactMap(\.self)
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
