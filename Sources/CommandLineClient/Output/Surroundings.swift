// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import SystemBasics
import Texts

/// The program's surroundings: environment and configuration files.
enum Surroundings {
    /// A variable that is set and not empty.
    static func value(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// Whether a window could be shown.
    static var hasDisplay: Bool { value("DISPLAY") != nil || value("WAYLAND_DISPLAY") != nil }

    /// The display on which a window could be shown, as far as the variables name one.
    static var display: SessionDisplay {
        SessionDisplay(environment: SessionDisplay.variables.compactMap { name in value(name).map { "\(name)=\($0)" } })
    }

    /// The language and the zone of everything that is printed: of the environment, and of `TimeZone` in eonay.conf.
    static func texts() -> Texts {
        let files = DesktopConfiguration.files(at: configurationFiles).files
        let zone = files.isEmpty ? nil : Zone(named: DesktopConfiguration.read(files).configuration.timeZone)
        (zone ?? .istanbul).adopt()
        return Texts(.ofThisProcess(), zone: zone ?? .istanbul)
    }

    /// As the service reads it.
    static var configuration: DesktopConfiguration {
        DesktopConfiguration.read(DesktopConfiguration.files(at: configurationFiles).files).configuration
    }

    /// The locale whose language a prompt shall speak.
    static var locale: String? { value("LC_ALL") ?? value("LC_MESSAGES") ?? value("LANG") }

    /// The strongest first, as the service reads them.
    static var configurationFiles: [String] {
        let own = value("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return [(own ?? "\(value("HOME") ?? "")/.config") + "/eonay/eonay.conf", "/etc/eonay/eonay.conf"]
    }
}
