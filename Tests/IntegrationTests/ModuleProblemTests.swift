// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import TokenBench
import VirtualCard

/// Drivers that come after the service, and files that cannot be loaded.
@Suite(.timeLimit(.minutes(3)))
struct ModuleProblemTests {
    private func problems(_ facts: [String: Value]) -> [[String]] {
        (facts["ModuleProblems"]?.elements ?? []).map { $0.members?.compactMap(\.string) ?? [] }
    }

    @Test(arguments: ["written", "moved", "linked", "folder"])
    func aDriverThatIsInstalledLaterReadsTheCardThatIsIn(_ way: String) async throws {
        let desktop = try await Desktop()
        let (folder, files) = (desktop.folder.path, FileManager.default)
        if way != "folder" { _ = try desktop.folder.makeFolder("opt/akis/lib") }
        try desktop.configure(modules: [folder + "/opt/akis/lib/libakisp11.so"])
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        let before = try await bench.token()
        #expect(before.facts.errorName == "NoModule")
        let module = folder + "/opt/akis/lib/libakisp11.so"
        let real = URL(fileURLWithPath: desktop.openSC.module).resolvingSymlinksInPath().path
        // The library that the module needs is there before it.
        for folder in way == "folder" ? [] : [folder + "/opt/akis/lib"] { try desktop.openSC.prepare(folder) }
        switch way {
        case "written": try files.copyItem(atPath: real, toPath: module)
        case "moved":
            try files.copyItem(atPath: real, toPath: module + ".dpkg-new")
            try files.moveItem(atPath: module + ".dpkg-new", toPath: module)
        case "linked": try files.createSymbolicLink(atPath: module, withDestinationPath: desktop.openSC.module)
        default:
            try desktop.openSC.prepare(desktop.folder.makeFolder("elsewhere/akis/lib"))
            try files.copyItem(atPath: real, toPath: folder + "/elsewhere/akis/lib/libakisp11.so")
            try files.moveItem(atPath: folder + "/elsewhere", toPath: folder + "/opt")
        }
        // Nobody touches the card.
        let after = try await bench.token { $1.errorName == "" }
        #expect(after.path == before.path)
        #expect(after.facts["Certificates"]?.elements?.count == 1)
        #expect(problems(after.facts).isEmpty)
        try await card.remove()
    }

    @Test func aLibraryThatIsMissingIsToldEverywhereAndItsComingIsSeen() async throws {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let folder = try desktop.folder.makeFolder("drivers")
        let library = folder + "/libssl.so.1.1"
        let source = try desktop.folder.write("ssl.c", "int SSL_library_init(void) { return 1; }")
        let build = ["-shared", "-fPIC", "-Wl,-soname,libssl.so.1.1", "-o", library, source]
        try Tool("cc", package: "gcc").run(build)
        let module = try LyingModule(
            over: desktop.openSC.module, named: "libakisp11.so", in: folder,
            options: ["-Wl,--no-as-needed", library, "-Wl,-rpath,\(folder)"])
        try FileManager.default.removeItem(atPath: library)
        try desktop.configure(modules: [module.path])
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == "ModuleUnusable")
        let reason = "libssl.so.1.1: cannot open shared object file: No such file or directory"
        #expect(problems(facts) == [[module.path, reason]])
        try await screen.shows("The library libssl.so.1.1 is missing.")
        let tokens = try await desktop.run("eonay", "tokens")
        #expect(
            tokens.text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
                "\(module.path): The library libssl.so.1.1 is missing. (\(reason))"))
        let json = try await desktop.run("eonay", "tokens", "--json")
        #expect(json.text.contains("\"module_problems\""))
        #expect(json.text.contains("libssl.so.1.1: cannot open shared object file"))
        try Tool("cc", package: "gcc").run(build)
        let after = try await bench.token { $1.errorName == "" }
        #expect(problems(after.facts).isEmpty)
        try await card.remove()
    }

    @Test func aFileThatCannotBeLoadedDoesNotHideTheNext() async throws {
        let desktop = try await Desktop()
        let text = try desktop.folder.write("text.so", "no library")
        try desktop.configure(modules: [text, desktop.openSC.module])
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == "")
        #expect(problems(facts).map(\.first) == [text])
        try await card.remove()
    }

    @Test func whereNoneIsThereItIsNoModule() async throws {
        let desktop = try await Desktop()
        try desktop.configure(modules: ["/nowhere/libakisp11.so"])
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == "NoModule")
        #expect(problems(facts).map(\.first) == ["/nowhere/libakisp11.so"])
        try await card.remove()
    }
}
