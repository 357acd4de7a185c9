// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

/// The command that mends something, on each distribution.
struct Command: Sendable, Equatable {
    private let debian, ubuntu, fedora, arch: String
    /// Whether it is the same everywhere.
    private let isCommon: Bool

    /// The same everywhere.
    init(_ command: String) {
        (debian, ubuntu, fedora, arch, isCommon) = (command, command, command, command, true)
    }

    /// A command of its own for each.
    init(debian: String, ubuntu: String? = nil, fedora: String, arch: String) {
        (self.debian, self.ubuntu, self.fedora, self.arch) = (debian, ubuntu ?? debian, fedora, arch)
        isCommon = false
    }

    /// Installs packages.
    static func install(debian: String, ubuntu: String? = nil, fedora: String, arch: String) -> Command {
        Command(
            debian: "sudo apt install \(debian)", ubuntu: ubuntu.map { "sudo apt install \($0)" },
            fedora: "sudo dnf install \(fedora)", arch: "sudo pacman -S \(arch)")
    }

    /// The words to type there; nil where they are not known.
    func on(_ family: Distribution.Family) -> String? {
        switch family {
        case .debian: debian
        case .ubuntu: ubuntu
        case .fedora: fedora
        case .arch: arch
        case .other: isCommon ? debian : nil
        }
    }

    /// Puts our own package in order.
    static let reinstall = Command(
        debian: "sudo apt install --reinstall eonay", fedora: "sudo dnf reinstall eonay", arch: "sudo pacman -S eonay")

    static let startCardService = Command("sudo systemctl enable --now pcscd.socket")

    static let installCardService = Command.install(
        debian: "pcscd libccid", fedora: "pcsc-lite pcsc-lite-ccid", arch: "pcsclite ccid")

    static let installReaderDriver = Command.install(debian: "libccid", fedora: "pcsc-lite-ccid", arch: "ccid")

    static let installPinentry = Command.install(
        debian: "pinentry-gnome3", fedora: "pinentry-gnome3", arch: "pinentry")

    static let installNotificationServer = Command.install(debian: "dunst", fedora: "dunst", arch: "dunst")

    static let synchroniseClock = Command(
        debian: "sudo apt install systemd-timesyncd && sudo timedatectl set-ntp true",
        ubuntu: "sudo timedatectl set-ntp true",
        fedora: "sudo dnf install chrony && sudo systemctl enable --now chronyd", arch: "sudo timedatectl set-ntp true")

    /// Nil for a name that a shell would not take as one: it comes from the driver's file, and the command is there to be copied.
    static func packageOf(library: String) -> Command? {
        guard library.utf8.allSatisfy({ $0 > 0x2A && $0 < 0x7B && !"/:;<=>?@[\\]^`".utf8.contains($0) }) else {
            return nil
        }
        return Command(
            debian: "apt-file search \(library)", fedora: "dnf provides '*/\(library)'", arch: "pacman -F \(library)")
    }

    static let restartService = Command("systemctl --user restart eonayd")
}

/// The Linux distribution by os-release(5).
struct Distribution: Sendable, Equatable {
    enum Family: String, Sendable {
        /// Pardus too.
        case debian
        case ubuntu, fedora, arch, other
    }

    let family: Family
    /// Such as "Pardus 23.2"; empty where the file does not say.
    let name: String

    /// From the file's text.
    init(osRelease text: String) {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[String(line[..<equals])] = String(line[line.index(after: equals)...].filter { !"\"'".contains($0) })
        }
        name = ShowableText.line(values["PRETTY_NAME"] ?? "")
        let ids = [values["ID"] ?? ""] + (values["ID_LIKE"] ?? "").split(separator: " ").map(String.init)
        family = ids.lazy.compactMap(Self.family).first ?? .other
    }

    private static func family(_ id: String) -> Family? {
        switch id {
        case "debian", "pardus": .debian
        case "ubuntu": .ubuntu
        case "fedora", "rhel", "centos": .fedora
        case "arch", "manjaro": .arch
        default: nil
        }
    }

    /// That of the computer whose files lie below a folder.
    static func installed(below root: String) -> Distribution {
        let paths = ["/etc/os-release", "/usr/lib/os-release"].map { root + $0 }
        let contents = paths.lazy.compactMap { Files.beginning(of: $0, atMost: 1 << 14) }.first ?? []
        return Distribution(osRelease: String(decoding: contents, as: UTF8.self))
    }
}
