// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A card maker's driver (PKCS#11 module): what its files are called, where it lies, and where it is to be had.
///
/// The one table of drivers. `ModuleCatalog` looks for these files, people are told of these packages, and docs/drivers.md is made from it
/// (`make docs`).
public struct CardDriver: Sendable {
    /// Its name, with the newest version that is known.
    public let name: String
    public let vendor: String
    /// The package's name on Debian and its relatives; empty where it has none.
    public let package: String
    /// The page to get it from; empty where it is handed out by certification centres alone.
    public let page: String
    /// The cards that it reads, as far as their answers to reset are known.
    public let families: [CardFamily]
    /// The file names of its modules.
    public let files: [String]
    /// The folders in which they lie, by system; `MULTIARCH` stands for Debian's name of the processor.
    public let debian, fedora, arch: [String]

    init(
        _ name: String, by vendor: String, package: String = "", page: String = "", for families: [CardFamily] = [],
        files: [String], debian: [String] = ["/usr/lib"], fedora: [String] = ["/usr/lib64"],
        arch: [String] = ["/usr/lib"]
    ) {
        (self.name, self.vendor, self.package, self.page) = (name, vendor, package, page)
        (self.families, self.files) = (families, files)
        (self.debian, self.fedora, self.arch) = (debian, fedora, arch)
    }

    /// The name with the package, in no language: "AKİA 6.8.10 (akia)".
    public var title: String { package.isEmpty ? name : "\(name) (\(package))" }

    /// All of them, in the order in which they are tried; the first one of a family is the one to install. Made anew at each look.
    public static var all: [CardDriver] {
        [
            CardDriver(
                "AKİA 6.8.10", by: "TÜBİTAK BİLGEM", package: "akia",
                page: "https://akiskart.bilgem.tubitak.gov.tr/tr/destek/", for: [.akis], files: ["libakisp11.so"],
                debian: [
                    "/usr/lib", "/opt/Akia", "/usr/lib/MULTIARCH", "/lib", "/usr/local/lib", "/opt/akis",
                    "/opt/akis/lib", "/opt/arksigner/drivers/akis/x64",
                ],
                fedora: ["/usr/lib64", "/usr/lib", "/opt/Akia"], arch: ["/usr/lib/akia", "/usr/lib"]),
            CardDriver(
                "TCKK", by: "TÜBİTAK BİLGEM", for: [.akis], files: ["libtckkp11.so"]),
            CardDriver(
                "SafeNet Authentication Client 10.7", by: "Thales",
                for: [.eToken, .idPrime],
                files: [
                    "libeTPkcs11.so", "libeTPKCS11.so", "libIDPrimePKCS11.so", "libIDPrimePKCS11.so.10", "libeToken.so",
                    "libeToken.so.10",
                ],
                debian: ["/usr/lib", "/lib", "/usr/lib/pkcs11"], fedora: ["/usr/lib64", "/usr/lib64/pkcs11"],
                arch: ["/usr/lib", "/usr/lib/pkcs11"]),
            CardDriver(
                "SafeSign IC", by: "AET Europe", for: [.safeSign], files: ["libaetpkss.so", "libaetpkss.so.3"],
                debian: ["/usr/lib", "/usr/lib/MULTIARCH"]),
            CardDriver("Bit4id", by: "Bit4id", files: ["libbit4ipki.so"]),
            CardDriver("IDProtect", by: "Athena", for: [.idProtect], files: ["libasepkcs.so"]),
            CardDriver("Classic Client", by: "Gemalto", files: ["libgclib.so"]),
            CardDriver("CardOS API", by: "Atos", for: [.cardOS], files: ["libcmP11.so"]),
            CardDriver(
                "OpenSC", by: "OpenSC", package: "opensc-pkcs11", page: "https://github.com/OpenSC/OpenSC/wiki",
                for: [.cardOS], files: ["opensc-pkcs11.so"], debian: ["/usr/lib/MULTIARCH"],
                fedora: ["/usr/lib64/pkcs11", "/usr/lib64"]),
        ]
    }
}
