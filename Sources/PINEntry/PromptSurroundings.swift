// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics

/// The places where a pinentry could show itself, and the characters that it could use.
public struct PromptSurroundings: Equatable, Sendable {
    /// The terminal's device, or nil.
    public var terminal: String?
    /// Its type, as TERM has it.
    public var terminalType: String?
    /// Whether there is a graphical session.
    public var hasDisplay: Bool
    /// The X display, or nil.
    public var display: String?
    /// The locale of the texts, such as "tr_TR.UTF-8".
    public var locale: String
    /// The graphical session for the program's environment, in place of ours; nil: as ours.
    public var session: [String: String]?
}

extension PromptSurroundings {
    /// The surroundings by this process's environment.
    ///
    /// - Parameters:
    ///   - terminal: the caller's terminal, if this descriptor is one; else it is GPG_TTY's, the way GnuPG's users name theirs.
    ///   - session: `DISPLAY`, `WAYLAND_DISPLAY` and `XAUTHORITY` of the graphical session, as far as they have a value; nil where
    ///     this process's own count.
    public init(locale: String, terminal descriptor: Int32? = nil, session: [String: String]? = nil) {
        let value = { (name: String) in
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let of = { (name: String) in session.map { $0[name] } ?? value(name) }
        let terminal =
            descriptor.flatMap(Self.name)
            ?? value("GPG_TTY").flatMap { access($0, R_OK | W_OK) == 0 ? $0 : nil }
        self.init(
            terminal: terminal, terminalType: value("TERM"),
            hasDisplay: of("DISPLAY") != nil || of("WAYLAND_DISPLAY") != nil, display: of("DISPLAY"), locale: locale,
            session: session)
    }

    private static func name(of terminal: Int32) -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard ttyname_r(terminal, &name, name.count) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The environment of the program: ours, but for the graphical session's variables.
    var environment: [String] {
        let own = ProcessStart.ownEnvironment
        guard let session else { return own }
        let variables = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"]
        return own.filter { line in !variables.contains { line.hasPrefix($0 + "=") } }
            + session.map { "\($0.key)=\($0.value)" }
    }

    /// Whether a pinentry of that flavour has somewhere to show itself. Graphical ones that found no display call
    /// themselves "gtk2:curses" and the like.
    func suits(_ flavour: String) -> Bool {
        let shown = flavour.split(separator: ":").last.map(String.init) ?? ""
        return ["curses", "tty"].contains(shown) ? terminal != nil : hasDisplay
    }

    /// The values that it gets as OPTION.
    var options: [String] {
        var options: [String] = []
        if let display { options.append("display=" + display) }
        if let terminal {
            options.append("ttyname=" + terminal)
            options.append("ttytype=" + (terminalType ?? "dumb"))
        }
        return options + ["lc-ctype=" + characterLocale, "lc-messages=" + locale]
    }

    /// A text pinentry turns our UTF-8 into the locale's characters, and shows "?" where the locale is not installed.
    private var characterLocale: String {
        for name in [locale, "C.UTF-8"] {
            if let found = newlocale(LC_CTYPE_MASK, name, nil) {
                defer { freelocale(found) }
                if String(cString: nl_langinfo_l(Int32(CODESET), found)) == "UTF-8" { return name }
            }
        }
        return locale
    }
}
