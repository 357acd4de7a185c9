// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Foundation
import TestBench
import Testing

/// Other languages' generators make clients of the contract, and have nothing to say about it.
@Suite(.timeLimit(.minutes(3)))
struct GeneratorTests {
    /// The file, and what a running service introspects to.
    private static let documents: [String: @Sendable () throws -> String] = [
        "file": { try String(contentsOf: ContractXMLTests.contract, encoding: .utf8) },
        "service": { Introspection.document(ContractXMLTests.interfaces) },
    ]

    /// Runs a generator in a folder that has the contract as `contract.xml`. It must succeed without a word.
    private func generate(
        _ program: String, _ arguments: String..., from document: String, in folder: TemporaryFolder
    ) async throws -> Finished {
        let contract = try #require(Self.documents[document])
        try folder.write("contract.xml", contract())
        let end = try await run(program, arguments + ["contract.xml"], folder: folder.path).check()
        #expect(end.lines.filter { $0.stream == .error } == [], "\(end)")
        return end
    }

    @Test(arguments: ["file", "service"])
    func gdbusCodegenMakesACClientThatCompilesWithoutAWarning(document: String) async throws {
        let folder = try TemporaryFolder()
        let end = try await generate(
            Programs.find("gdbus-codegen", package: "libglib2.0-dev-bin"), "--interface-prefix", "org.eonay.",
            "--c-namespace", "EOnay", "--c-generate-object-manager", "--c-generate-autocleanup", "all",
            "--generate-c-code", "eonay", from: document, in: folder)
        #expect(end.text.isEmpty)
        let flags = try await run(
            Programs.find("pkg-config", package: "pkg-config"), ["--cflags", "gio-unix-2.0"]
        ).check().text.split(whereSeparator: \.isWhitespace).map(String.init)
        try await run(
            Programs.find("gcc", package: "gcc"), ["-Wall", "-Werror", "-fsyntax-only", "eonay.c"] + flags,
            folder: folder.path
        ).check()
    }

    /// The comments are where gdbus-codegen looks for them: each interface, member and argument has its sentence.
    @Test func gdbusCodegenFindsASentenceForEveryMember() async throws {
        let folder = try TemporaryFolder()
        _ = try await generate(
            Programs.find("gdbus-codegen", package: "libglib2.0-dev-bin"), "--generate-docbook", "manual", from: "file",
            in: folder)
        for interface in ContractXMLTests.interfaces {
            let page = folder.file("manual-\(interface.name).xml")
            try await run(Programs.find("xmllint", package: "libxml2-utils"), ["--noout", "--nonet", page]).check()
            let text = try String(contentsOfFile: page, encoding: .utf8)
            #expect(!text.contains("<refpurpose></refpurpose>"), "\(interface.name)")
            // What has no documentation of its own has an empty paragraph.
            #expect(!text.contains(/<para>\s*<\/para>/), "\(interface.name)")
        }
    }

    @Test(arguments: ["file", "service"])
    func qdbusxml2cppMakesACPlusPlusClient(document: String) async throws {
        let folder = try TemporaryFolder()
        let program = "/usr/lib/qt6/bin/qdbusxml2cpp"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw MissingProgram("qdbusxml2cpp", package: "qt6-base-dev-tools")
        }
        // -N: an interface whose name begins with another one's cannot be a class and a namespace.
        let end = try await generate(
            program, "-N", "-i", "eonay-qt.h", "-p", "eonay", from: document, in: folder)
        #expect(end.text.isEmpty)
        let header = try String(contentsOfFile: folder.file("eonay.h"), encoding: .utf8)
        let types = try String(
            contentsOf: ContractXMLTests.contract.deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "docs/examples/eonay-qt.h"), encoding: .utf8)
        let used = Set(header.matches(of: /\bEOnay[A-Z]\w+\b/).map { String($0.output) })
        #expect(used.count == 8)
        for type in used {
            #expect(types.contains("struct \(type) {") && types.contains("EONAY_TYPE(\(type), "), "\(type)")
        }
    }

    @Test func pythonSdbusMakesAClientThatPythonImports() async throws {
        let python = try await Python.with("sdbus==0.14.3", "Jinja2==3.1.6")
        for document in ["file", "service"] {
            let folder = try TemporaryFolder()
            let end = try await generate(python, "-m", "sdbus", "gen-from-file", from: document, in: folder)
            try folder.write("eonay.py", end.text)
            let names = try await run(
                python, ["-c", "import eonay; print(eonay.OrgEonayEOnay1Interface.list_certificates)"],
                folder: folder.path)
            #expect(names.succeeded, "\(names)")
            // A client that keeps what is constant.
            #expect(end.text.contains("flags=DbusPropertyConstFlag"))
        }
    }
}
