// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
    var vendorFolders =
        Self.libraryFolders + [
            "/lib", "/opt/akis", "/opt/akis/lib", "/usr/lib/akia", "/opt/akia", "/opt/arksigner/drivers/akis/x64",
        ]

    /// The catalogue of this computer, for this user.
    public init() {}

    /// The modules in the order to try.
    ///
    /// A configured path is taken as it is, existing or not, so that its absence can be told. With an ATR of an AKİS card,
    /// or none, TÜBİTAK's library comes next; with another card's it keeps its place among the known ones.
    public func modules(configured: [String], discover: Bool, atr: [UInt8] = []) -> [Entry] {
        var entries = configured.map { Entry(path: $0) }
        if discover {
            let isForAKIS = atr.isEmpty || HistoricalBytes(answerToReset: atr).isAKISFamily
            let found = (p11KitModules() + knownModules()).filter { !Self.holdsNoCard($0.name) }
            entries += found.filter { isForAKIS && Self.isForAKIS($0.name) }
            entries += found.filter { !(isForAKIS && Self.isForAKIS($0.name)) }
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
    static let knownNames = [
        "libakisp11.so", "libtckkp11.so", "libeTPkcs11.so", "libIDPrimePKCS11.so", "libeToken.so",
        "libaetpkss.so", "libaetpkss.so.3", "opensc-pkcs11.so",
    ]

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

/// The bytes in a card's answer at power-up in which its maker names it (ISO/IEC 7816-3, 8.2.6).
struct HistoricalBytes {
    /// Empty where the answer is cut short or holds none.
    let bytes: [UInt8]

    /// Reads the interface bytes only to find their end; never fails.
    init(answerToReset: [UInt8]) {
        var rest = answerToReset.dropFirst()
        guard let format = rest.popFirst() else {
            bytes = []
            return
        }
        var present = format >> 4
        while present != 0 {
            // TAi, TBi and TCi are passed over; TDi announces the next four.
            rest = rest.dropFirst((present & 0b0111).nonzeroBitCount)
            guard present & 0b1000 != 0, let next = rest.popFirst() else { break }
            present = next >> 4
        }
        bytes = Array(rest.prefix(Int(format & 0x0F)))
    }

    /// Whether the card calls itself one of TÜBİTAK's: AKİS 1 and 2, its newest generation, and the national identity
    /// card, which has the same answer. Whole answers are not compared: published lists contain wrong ones.
    var isAKISFamily: Bool {
        Self.families.contains { bytes.starts(with: $0) }
    }

    private static let families: [[UInt8]] = [
        Array("UEKAE V1".utf8),
        [0x80, 0x67] + Array("UEKAE".utf8),
        [0x80, 0x65] + Array("TC".utf8),
        [0x80, 0x66, 0x68, 0x32],
    ]
}
