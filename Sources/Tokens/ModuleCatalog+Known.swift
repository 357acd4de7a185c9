// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

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
