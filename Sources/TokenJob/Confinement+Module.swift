// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Confinement
import Glibc
import SystemBasics

/// What a vendor's module may open: itself, its settings, the system's own files, devices. It changes no file on a disk, so that no log of
/// its own keeps the PIN, and of the person's folder it sees the settings of drivers.
extension Confinement {
    init(of module: String) {
        self.init(network: .none)
        for folder in [
            "/opt", "/proc", "/sys", "/var/lib", "/var/opt", "/run/pcscd", "/run/udev", "/run/systemd/userdb",
        ] {
            allow(folder)
        }
        for device in ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/bus/usb"] {
            allow(device, .device)
        }
        // Locks and memory that programs share which use one token: semaphores and shared memory of POSIX. Nothing of it is on a disk.
        allow("/dev/shm", .change)
        let homes = [Self.folder("HOME"), Self.folder("HOME").flatMap(Files.realPath)].compactMap { $0 }
        for file in [module, Files.realPath(of: module)].compactMap({ $0 }) {
            let folder = Files.parent(of: file)
            // A module that lies in the person's folder itself does not open all of it.
            let isWide = folder == "/" || homes.contains { ($0 + "/").hasPrefix(folder + "/") }
            allow(isWide ? file : folder)
        }
        allow(variable: "OPENSC_CONF")
        allow(variable: "SOFTHSM2_CONF")
        if let folder = Self.tokensOfSoftHSM() { allow(folder, .change) }
        guard let home = homes.first else { return }
        for name in Self.settings { allow("\(home)/.\(name)") }
        let places = [
            Self.folder("XDG_CONFIG_HOME") ?? home + "/.config", Self.folder("XDG_CACHE_HOME") ?? home + "/.cache",
        ]
        for place in places { for name in Self.settings { allow("\(place)/\(name)") } }
    }

    /// Where SoftHSM keeps tokens, if a variable says where its settings are: a wrong PIN is written down in them.
    private static func tokensOfSoftHSM() -> String? {
        guard let settings = folder("SOFTHSM2_CONF"), let bytes = Files.beginning(of: settings, atMost: 64 * 1024)
        else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("directories.tokendir") }.map { String($0.drop { $0 != "/" }) }
    }

    /// Names under which drivers keep a person's settings: OpenSC's, SoftHSM's, p11-kit's, SafeNet's, and those that are as likely.
    private static let settings = [
        "opensc", "eid", "softhsm2", "pkcs11", "eToken.conf", "akis", "akia", "tckk", "safenet", "idprime", "safesign",
    ]

    private static func folder(_ variable: String) -> String? {
        getenv(variable).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
