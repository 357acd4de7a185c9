// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Which of this process's variables a job is given: those that are named here, and no others.
///
/// A library reads the environment as it likes. OPENSC_DEBUG, PKCS11SPY and P11_KIT_DEBUG write the PIN down, SSLKEYLOGFILE writes
/// a connection's keys; LD_PRELOAD, OPENSSL_CONF, GLIBC_TUNABLES and the like change what runs. So the list says what is allowed.
public struct JobEnvironment: Sendable, Equatable {
    private let names: Set<String>
    private let isWhole: Bool

    private init(_ names: Set<String>, isWhole: Bool = false) {
        self.names = names
        self.isWhole = isWhole
    }

    /// The variables that every program needs to find others and to speak the person's language.
    public static let plain = JobEnvironment([
        // Where programs are looked for, a pinentry among others.
        "PATH",
        // Where a module's or a toolkit's own settings lie.
        "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
        // Language and time zone; LC_* are let through as well.
        "LANG", "LANGUAGE", "TZ",
    ])

    /// For a job that loads a vendor's module and asks for the PIN.
    public static let vendorCode = plain.adding([
        // Where a pinentry shows itself: on a display, which it finds by these; by the session's keyring prompter, over the bus …
        "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
        // … in the desktop's own style, with the toolkit that this kind of session needs …
        "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM", "GDK_BACKEND",
        // … or on a terminal, and of which type that is.
        "GPG_TTY", "TERM",
        // Where pcscd listens, if not in the usual place: a container's, or a test's own.
        "PCSCLITE_CSOCK_NAME",
        // Where the settings of these modules lie, if not in the usual place. Which card drivers OpenSC uses stands there alone.
        "OPENSC_CONF", "SOFTHSM2_CONF",
    ])

    /// For a job that speaks with a portal.
    public static let network = plain.adding([
        // The proxy of the computer's network (curl(1), "Environment").
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
        // Where this system keeps the certificates of the web's authorities, if not in the usual place.
        "SSL_CERT_FILE", "SSL_CERT_DIR",
    ])

    /// For a job that speaks on the session bus: where that listens.
    public static let sessionBus = plain.adding(["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"])

    /// For a look at what a module prints, which a person asked for: OpenSC's own log. No PIN is in such a job.
    public static let diagnosis = vendorCode.adding(["OPENSC_DEBUG"])

    /// Everything, for a program that is the person's own and no job of ours: a browser.
    public static let whole = JobEnvironment([], isWhole: true)

    private func adding(_ more: Set<String>) -> JobEnvironment { JobEnvironment(names.union(more)) }

    func allows(_ name: Substring) -> Bool { isWhole || names.contains(String(name)) || name.hasPrefix("LC_") }

    /// The job's variables as "NAME=value": the allowed ones of ours, with these added or put in place of them.
    func variables(adding additions: [String: String]) -> [String] {
        additions.map { "\($0.key)=\($0.value)" }
            + ProcessStart.ownEnvironment.filter { variable in
                let name = variable.prefix { $0 != "=" }
                return allows(name) && additions[String(name)] == nil
            }
    }
}
