// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TokenBench

@testable import Tokens

@Suite(.timeLimit(.minutes(1)))
struct ModuleCatalogTests {
    private let scratch: Scratch
    private var catalog = ModuleCatalog()

    init() throws {
        scratch = try Scratch()
        catalog.userFolder = scratch.path + "/user"
        catalog.systemFolder = scratch.path + "/etc"
        catalog.packageFolder = scratch.path + "/share"
        catalog.moduleFolders = [scratch.path + "/lib/pkcs11"]
        catalog.vendorFolders = [scratch.path + "/lib", scratch.path + "/opt"]
    }

    private func names(_ configured: [String] = [], discover: Bool = true) -> [String] {
        catalog.modules(configured: configured, discover: discover).map(\.name)
    }

    @Test func configuredPathsComeFirstAndStayThoughTheyDoNotExist() throws {
        try scratch.write("lib/libakisp11.so", "")
        let found = catalog.modules(configured: ["/nowhere/a.so"], discover: true)
        #expect(found.map(\.name) == ["a.so", "libakisp11.so"])
        #expect(found.map(\.path) == ["/nowhere/a.so", scratch.path + "/lib/libakisp11.so"])
    }

    @Test func nothingIsLookedForWhereThatIsNotWanted() throws {
        try scratch.write("lib/libakisp11.so", "")
        #expect(names(["/a.so"], discover: false) == ["a.so"])
    }

    @Test func moduleFilesAreOrderedByPriorityThenByName() throws {
        for name in ["a", "b", "c"] { try scratch.write("lib/pkcs11/\(name).so", "") }
        try scratch.write("share/a.module", "module: a.so")
        try scratch.write("share/b.module", "module: b.so")
        try scratch.write("share/c.module", "module: c.so\npriority: 5")
        try scratch.write("share/ignored.txt", "module: a.so")
        #expect(names() == ["c.so", "a.so", "b.so"])
    }

    @Test func aModuleFileOfTheUserSwitchesTheSystemsOff() throws {
        try scratch.write("lib/pkcs11/a.so", "")
        try scratch.write("share/a.module", "module: a.so")
        try scratch.write("user/modules/a.module", "module:")
        #expect(names() == [])
    }

    @Test func onlyTheUsersFilesAreReadWhereTheUserSaysSo() throws {
        try scratch.write("lib/pkcs11/a.so", "")
        try scratch.write("lib/pkcs11/b.so", "")
        try scratch.write("share/a.module", "module: a.so")
        try scratch.write("user/modules/b.module", "module: b.so")
        try scratch.write("user/pkcs11.conf", "user-config: only")
        #expect(names() == ["b.so"])
    }

    @Test func theAdministratorMayIgnoreUsersFiles() throws {
        try scratch.write("lib/pkcs11/b.so", "")
        try scratch.write("user/modules/b.module", "module: b.so")
        try scratch.write("etc/pkcs11.conf", "user-config: none")
        #expect(names() == [])
    }

    @Test func aModuleForOtherProgramsAndOneThatIsAbsentAreLeftOut() throws {
        try scratch.write("lib/pkcs11/a.so", "")
        try scratch.write("share/a.module", "module: a.so\ndisable-in: eonay-token")
        try scratch.write("share/b.module", "module: gone.so")
        try scratch.write("share/c.module", "remote: |ssh host p11-kit remote x.so")
        #expect(names() == [])
    }

    @Test func storesWithoutCardsAreTakenOnlyWhereConfigured() throws {
        for name in ["p11-kit-proxy.so", "p11-kit-trust.so", "libsofthsm2.so", "pkcs11-spy.so"] {
            let path = try scratch.write("lib/pkcs11/\(name)", "")
            try scratch.write("share/\(name).module", "module: \(path)")
        }
        #expect(names() == [])
        #expect(names([scratch.path + "/lib/pkcs11/libsofthsm2.so"]) == ["libsofthsm2.so"])
    }

    @Test func oneLibraryUnderTwoNamesIsTriedOnce() throws {
        let real = try scratch.write("lib/opensc-pkcs11.so", "")
        try FileManager.default.createDirectory(atPath: scratch.path + "/lib/pkcs11", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/lib/pkcs11/opensc-pkcs11.so", withDestinationPath: real)
        try scratch.write("share/opensc.module", "module: opensc-pkcs11.so")
        #expect(names() == ["opensc-pkcs11.so"])
    }

    @Test func theLibraryOfAKISComesFirst() throws {
        try scratch.write("lib/pkcs11/opensc-pkcs11.so", "")
        try scratch.write("share/opensc.module", "module: opensc-pkcs11.so")
        try scratch.write("opt/libakisp11.so", "")
        #expect(names() == ["libakisp11.so", "opensc-pkcs11.so"])
    }

    @Test func theFoldersInWhichADriverMayAppearAreTold() throws {
        let real = try scratch.write("vendor/libakisp11.so", "")
        try FileManager.default.createDirectory(atPath: scratch.path + "/lib", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/lib/libakisp11.so", withDestinationPath: real)
        let folders = catalog.folders(configured: ["/srv/own/a.so"], discover: true)
        let home = URL(fileURLWithPath: scratch.path).resolvingSymlinksInPath().path
        for folder in [
            "/srv/own", scratch.path + "/user/modules", scratch.path + "/etc/modules", scratch.path + "/share",
            scratch.path + "/lib/pkcs11", scratch.path + "/opt", home + "/vendor", "/usr/lib", "/etc",
        ] {
            #expect(folders.contains(folder), "\(folder)")
        }
        #expect(Set(folders).count == folders.count)
        #expect(!catalog.folders(configured: [], discover: false).contains(scratch.path + "/opt"))
    }

    @Test func eachFileOfTheTableIsLookedForInEachFolderOfIt() {
        for folder in [
            "/usr/lib", "/usr/lib64", "/opt/Akia", "/usr/lib/akia", "/usr/lib/pkcs11", "/usr/lib64/pkcs11", "/opt/akis",
            "/opt/arksigner/drivers/akis/x64",
        ] {
            #expect(ModuleCatalog.vendorFolders.contains(folder), "\(folder)")
        }
        #expect(Set(ModuleCatalog.vendorFolders).count == ModuleCatalog.vendorFolders.count)
        #expect(!ModuleCatalog.vendorFolders.contains { $0.contains("MULTIARCH") })
        for name in [
            "libakisp11.so", "libeTPKCS11.so", "libbit4ipki.so", "libasepkcs.so", "libgclib.so", "libcmP11.so",
            "libaetpkss.so.3", "opensc-pkcs11.so",
        ] {
            #expect(ModuleCatalog.knownNames.contains(name), "\(name)")
        }
    }

    @Test func aModuleFileIsTakenWhetherItCanBeReadOrNot() throws {
        // The loader's reason is reported. A file that is left out in silence could not be mended.
        try scratch.write("opt/libakisp11.so", "no library", mode: 0)
        #expect(names() == ["libakisp11.so"])
    }
}
