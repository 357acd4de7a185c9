// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where a pinentry could show itself, and in which characters.
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

    public init(terminal: String?, terminalType: String?, hasDisplay: Bool, display: String?, locale: String) {
        self.terminal = terminal
        self.terminalType = terminalType
        self.hasDisplay = hasDisplay
        self.display = display
        self.locale = locale
    }

    /// What this process's environment tells.
    ///
    /// - Parameter terminal: the caller's terminal, if this descriptor is one; else it is GPG_TTY's, the way GnuPG's users
    ///   name theirs.
    public init(locale: String, terminal descriptor: Int32? = nil) {
        let value = { (name: String) in
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let terminal =
            descriptor.flatMap(Self.name)
            ?? value("GPG_TTY").flatMap { access($0, R_OK | W_OK) == 0 ? $0 : nil }
        self.init(
            terminal: terminal, terminalType: value("TERM"),
            hasDisplay: value("DISPLAY") != nil || value("WAYLAND_DISPLAY") != nil, display: value("DISPLAY"),
            locale: locale)
    }

    private static func name(of terminal: Int32) -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard ttyname_r(terminal, &name, name.count) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether a pinentry of that flavour has somewhere to show itself. Graphical ones that found no display call
    /// themselves "gtk2:curses" and the like.
    func suits(_ flavour: String) -> Bool {
        let shown = flavour.split(separator: ":").last.map(String.init) ?? ""
        return ["curses", "tty"].contains(shown) ? terminal != nil : hasDisplay
    }

    /// What is told to it as OPTION.
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
