// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFrames
import Testing
import TokenBench

/// Files that are no module for this computer: each is told with the loader's own words.
@Suite(.timeLimit(.minutes(3)))
struct UnusableModuleTests {
    private func list(_ path: String) throws -> TokenReply? {
        try TokenProcess().ask(
            .list(ListRequest(module: path, reader: Array("R".utf8), atr: [0x3B], identitySalt: [])))
    }

    private func build(_ scratch: Scratch, _ name: String, _ source: String, _ options: String...) throws -> String {
        let file = try scratch.write(name + ".c", source)
        try Tool("cc", package: "gcc").run(["-shared", "-fPIC", "-o", "\(scratch.path)/\(name)", file] + options)
        return "\(scratch.path)/\(name)"
    }

    @Test func aLibraryThatIsMissingIsNamed() throws {
        let scratch = try Scratch()
        let crypto = try build(scratch, "libssl.so.1.1", "int ssl(void) { return 1; }", "-Wl,-soname,libssl.so.1.1")
        let module = try build(scratch, "libakisp11.so", "int ssl(void); int f(void) { return ssl(); }", crypto)
        try FileManager.default.removeItem(atPath: crypto)
        let reply = try list(module)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail.hasPrefix("libssl.so.1.1: cannot open shared object file"))
    }

    #if arch(x86_64)
    @Test func aRealLibraryFor32BitsIsToldSo() throws {
        let scratch = try Scratch()
        let module = try build(
            scratch, "libakisp11.so", "int C_GetFunctionList(void *list) { return 0; }", "-m32", "-nostdlib")
        let reply = try list(module)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail == "wrong ELF class: ELFCLASS32")
    }

    /// The loader passes over a library of another class and goes on looking, so it is told as one that is not there.
    @Test func aLibraryThatIsNeededAndIsFor32BitsIsNamed() throws {
        let scratch = try Scratch()
        let source = "int ssl(void) { return 1; }"
        let library = try build(scratch, "libssl.so.1.1", source, "-Wl,-soname,libssl.so.1.1")
        let module = try build(
            scratch, "libakisp11.so", "int ssl(void); int f(void) { return ssl(); }", library,
            "-Wl,-rpath,\(scratch.path)")
        _ = try build(scratch, "libssl.so.1.1", source, "-m32", "-nostdlib", "-Wl,-soname,libssl.so.1.1")
        let reply = try list(module)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail.contains("libssl.so.1.1"))
    }
    #endif

    @Test func aVersionThatIsMissingIsNamed() throws {
        let scratch = try Scratch()
        let map = try scratch.write("map", "WANTED_9.9 { global: wanted; };")
        let library = try build(
            scratch, "libwanted.so.1", "int wanted(void) { return 1; }",
            "-Wl,-soname,libwanted.so.1", "-Wl,--version-script=\(map)")
        let module = try build(
            scratch, "module.so", "int wanted(void); int f(void) { return wanted(); }", library,
            "-Wl,-rpath,\(scratch.path)")
        let other = try scratch.write("other", "OTHER_1.0 { global: wanted; };")
        _ = try build(
            scratch, "libwanted.so.1", "int wanted(void) { return 1; }", "-Wl,-soname,libwanted.so.1",
            "-Wl,--version-script=\(other)")
        let reply = try list(module)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail.contains("WANTED_9.9"))
    }

    @Test(arguments: [
        (4, UInt8(1), "wrong ELF class: ELFCLASS32"), (18, 0x28, "wrong ELF machine: arm"),
        (0, 0, "invalid ELF header"),
    ])
    func aFileForAnotherMachineIsToldSo(_ offset: Int, _ octet: UInt8, _ reason: String) throws {
        let scratch = try Scratch()
        let path = try build(scratch, "module.so", "int f(void) { return 1; }")
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[offset] = octet
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let reply = try list(path)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail.contains(reason))
    }

    @Test(arguments: [0, 3, 64, 1000])
    func aFileThatEndsTooEarlyIsToldSo(_ length: Int) throws {
        let scratch = try Scratch()
        let path = try build(scratch, "module.so", "int f(void) { return 1; }")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(length)
        try bytes.write(to: URL(fileURLWithPath: path))
        let reply = try list(path)
        #expect(reply.failure == "ModuleUnusable")
        #expect(!reply.detail.isEmpty)
    }

    @Test func aLibraryWithoutTheFunctionListIsToldSo() throws {
        let scratch = try Scratch()
        let reply = try list(try build(scratch, "module.so", "int f(void) { return 1; }"))
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail == "missing C_GetFunctionList")
    }

    @Test func aFolderIsNoModule() throws {
        let scratch = try Scratch()
        let reply = try list(scratch.path)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail.contains("cannot read file data"))
    }

    @Test(arguments: ["C_GetFunctionList return 5", "C_Initialize return 5", "C_Initialize return 30"])
    func aModuleThatDoesNotBeginIsOfNoUse(_ lie: String) throws {
        let reply = try list(try LyingModule(over: SoftHSM.module, lie).path)
        #expect(reply.failure == "ModuleUnusable")
        #expect(reply.detail.hasPrefix("CKR_"))
    }

    @Test func aFileThatIsNotThereIsNoModule() throws {
        let reply = try list("/nowhere/libakisp11.so")
        #expect(reply.failure == "NoModule")
        #expect(reply.detail == "cannot open shared object file: No such file or directory")
    }
}
