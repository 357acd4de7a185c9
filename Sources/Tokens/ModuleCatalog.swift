// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import SystemBasics

/// Finds the PKCS#11 modules of this computer without loading any.
///
/// Three sources, in this order: the configuration, p11-kit's module files, and the places where vendors put libraries
/// that register nowhere. Stores that hold no card are left out unless somebody configured them.
public struct ModuleCatalog: Sendable {
    /// One module worth trying.
    public struct Entry: Equatable, Sendable {
        public let path: String
        /// The file's name without folder.
        public let name: String

        init(path: String) {
            self.path = path
            self.name = path.split(separator: "/").last.map(String.init) ?? path
        }
    }

    /// By which name p11-kit's enable-in and disable-in know us.
    var program = "eonay-token"
    /// Folders whose files alter those of the next: the user's own (nil where there is none), the administrator's, the packages'.
    var userFolder: String? = Self.userFolder()
    var systemFolder = "/etc/pkcs11"
    var packageFolder = "/usr/share/p11-kit/modules"
    /// The folder in which p11-kit looks for a module named without one.
    var moduleFolders = Self.libraryFolders.map { $0 + "/pkcs11" }
    /// The folders in which makers put their modules, by the table of drivers.
    var vendorFolders = Self.vendorFolders

    /// The catalogue of this computer, for this user.
    public init() {}

    /// The modules in the order to try.
    ///
    /// A configured path is taken as it is, existing or not, so that its absence can be told. TÜBİTAK's library comes next.
    public func modules(configured: [String], discover: Bool) -> [Entry] {
        var entries = configured.map { Entry(path: $0) }
        if discover {
            let found = (p11KitModules() + knownModules()).filter { !Self.holdsNoCard($0.name) }
            entries += found.filter { Self.isForAKIS($0.name) } + found.filter { !Self.isForAKIS($0.name) }
        }
        var seen: Set<String> = []
        return entries.filter { seen.insert(Files.realPath(of: $0.path) ?? $0.path).inserted }
    }

    /// Where a module that is not among `modules` may appear, or one that cannot be loaded be mended: folders that exist or may come into
    /// being, without any that is looked into only because of a link.
    public func folders(configured: [String], discover: Bool) -> [String] {
        var folders = configured.map(Files.parent(of:))
        if discover {
            if let userFolder { folders += [userFolder, userFolder + "/modules"] }
            folders += [systemFolder, systemFolder + "/modules", packageFolder] + moduleFolders + vendorFolders
        }
        // A link leads to where the file itself is replaced.
        folders += modules(configured: configured, discover: discover).flatMap { entry in
            [entry.path, Files.realPath(of: entry.path)].compactMap { $0.map(Files.parent(of:)) }
        }
        // Libraries that a module needs, and /etc/ld.so.cache, by which the loader finds those that lie elsewhere.
        folders += Self.libraryFolders + ["/lib", Self.loaderFolder]
        var seen: Set<String> = []
        return folders.filter { $0.hasPrefix("/") && seen.insert($0).inserted }
    }

    private func p11KitModules() -> [Entry] {
        let system = configuration(systemFolder + "/pkcs11.conf") ?? ModuleConfiguration("")
        var folders = [systemFolder + "/modules", packageFolder]
        if let userFolder, system["user-config"] != "none" {
            let user = configuration(userFolder + "/pkcs11.conf") ?? ModuleConfiguration("")
            let mode = user["user-config"] ?? system["user-config"] ?? "merge"
            if mode == "only" { folders = [] }
            if mode != "none" { folders.insert(userFolder + "/modules", at: 0) }
        }
        var files: [String: ModuleConfiguration] = [:]
        for folder in folders {
            for name in Files.names(in: folder) where name.hasSuffix(".module") && !name.hasPrefix(".") {
                guard let file = configuration(folder + "/" + name) else { continue }
                files[name] = files[name]?.completed(by: file) ?? file
            }
        }
        let byPriority = files.sorted { left, right in
            (right.value.priority, left.key) < (left.value.priority, right.key)
        }
        return byPriority.compactMap { _, file in
            guard file.isEnabled(in: program), let path = file.module.flatMap(resolve) else { return nil }
            return Entry(path: path)
        }
    }

    /// A file of p11-kit's; nil where it cannot be read.
    private func configuration(_ path: String) -> ModuleConfiguration? {
        Files.beginning(of: path, atMost: 64 * 1024).map { ModuleConfiguration(String(decoding: $0, as: UTF8.self)) }
    }

    private func knownModules() -> [Entry] {
        Self.knownNames.flatMap { name in
            vendorFolders.map { $0 + "/" + name }.filter(Files.exists).map { Entry(path: $0) }
        }
    }

    /// The target of a module file's path, or nil where nothing is there.
    private func resolve(_ module: String) -> String? {
        if module.hasPrefix("/") { return Files.exists(module) ? module : nil }
        return moduleFolders.map { $0 + "/" + module }.first(where: Files.exists)
    }
}

extension ModuleCatalog {
    /// Libraries of the cards and tokens that Turkish certification centres hand out, and OpenSC for the others.
    static let knownNames = CardDriver.all.flatMap(\.files)

    /// Each name is looked for in each folder: a package for one system is installed on another as well.
    static let vendorFolders: [String] = {
        let known = CardDriver.all.flatMap { $0.debian + $0.fedora + $0.arch }
        let all = libraryFolders + libraryFolders.map { $0 + "/pkcs11" } + known
        var seen: Set<String> = []
        return all.map { folder in
            let place = "MULTIARCH"
            return folder.hasSuffix(place) ? folder.dropLast(place.count) + debianTriplet : folder
        }.filter { seen.insert($0).inserted }
    }()

    /// The folders of libraries on Debian, Fedora and openSUSE, and those that administrators use.
    static let libraryFolders = [
        "/usr/lib", "/usr/lib/" + debianTriplet, "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    ]

    static let loaderFolder = "/etc"

    /// TÜBİTAK's libraries: for the signature card, and for the national identity card with the same ATR.
    static func isForAKIS(_ name: String) -> Bool { name.hasPrefix("libakisp11") }

    /// Stores of trust anchors, of passwords and of other modules: the proxy would show every module a second time, the
    /// spy logs the PIN, SoftHSM keeps its keys in files.
    static func holdsNoCard(_ name: String) -> Bool {
        let stores = [
            "p11-kit-proxy", "p11-kit-trust", "p11-kit-client", "pkcs11-spy", "libsofthsm", "softhsm", "gnome-keyring",
            "libtpm2_pkcs11",
        ]
        return stores.contains { name.hasPrefix($0) }
    }

    /// $XDG_CONFIG_HOME/pkcs11, else ~/.config/pkcs11; nil for root, as p11-kit has it.
    static func userFolder() -> String? {
        guard getuid() != 0 else { return nil }
        if let folder = getenv("XDG_CONFIG_HOME"), folder[0] == UInt8(ascii: "/") {
            return String(cString: folder) + "/pkcs11"
        }
        return getenv("HOME").map { String(cString: $0) + "/.config/pkcs11" }
    }

    private static var debianTriplet: String {
        #if arch(x86_64)
        "x86_64-linux-gnu"
        #elseif arch(arm64)
        "aarch64-linux-gnu"
        #else
        "riscv64-linux-gnu"
        #endif
    }
}

/// One of p11-kit's files: "name: value" lines, "#" comments, blanks at the ends of no meaning (pkcs11.conf(5)).
struct ModuleConfiguration: Equatable {
    private var values: [String: String] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            guard line.first != "#", let colon = line.firstIndex(of: ":") else { continue }
            values[String(Self.trimmed(line[..<colon]))] = String(Self.trimmed(line[line.index(after: colon)...]))
        }
    }

    subscript(name: String) -> String? { values[name] }

    /// The library, or nil where the file names none (a remote module, or one that a user has switched off).
    var module: String? { values["module"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Higher comes first; 0 where the file says nothing.
    var priority: Int { values["priority"].flatMap { Int($0) } ?? 0 }

    /// Whether a program of that name is to load the module.
    func isEnabled(in program: String) -> Bool {
        if let list = values["enable-in"] { return Self.names(list).contains(program) }
        if let list = values["disable-in"] { return !Self.names(list).contains(program) }
        return true
    }

    /// A setting that this file leaves out is taken from another of the same name: a user's file alters the system's.
    func completed(by other: Self) -> Self {
        var both = self
        both.values.merge(other.values) { own, _ in own }
        return both
    }

    private static func names(_ list: String) -> [String] {
        list.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
