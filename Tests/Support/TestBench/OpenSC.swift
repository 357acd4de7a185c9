// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Glibc

/// OpenSC for one private pcscd: its PKCS#11 module, its tools, and a configuration with the akis driver.
public struct OpenSC: Sendable {
    /// Variables for programs that load the module, and for OpenSC's own tools.
    public let environment: [String: String]
    /// A PKCS#11 module that is OpenSC with this configuration, also for who is not given the variables: our jobs.
    public let module: String
    private let folder: TemporaryFolder

    /// Writes the configuration and looks for the module.
    ///
    /// - Parameters:
    ///   - drivers: the card drivers, by their names.
    ///   - style: how the module unblocks a PIN (user_pin_unblock_style); nil: not at all, as it is installed.
    public init(
        _ pcscd: PrivatePCSCD, drivers: String = "old, internal", unblocks style: String? = nil
    ) async throws {
        folder = try TemporaryFolder()
        // The akis driver is one of the "old" ones, which are off unless asked for. Nothing is cached on disk.
        let configuration = try folder.write(
            "opensc.conf",
            """
            app default {
                card_drivers = \(drivers);
                framework pkcs15 { use_file_caching = no; }
            }
            \(style.map { "app opensc-pkcs11 { pkcs11 { user_pin_unblock_style = \($0); } }" } ?? "")

            """)
        environment = pcscd.environment.merging(["OPENSC_CONF": configuration]) { $1 }
        module = folder.file("opensc-pkcs11.so")
        // A copy for each bench: a library that is loaded twice by one path's file keeps its first configuration.
        try FileManager.default.copyItem(atPath: Programs.built("libConfiguredOpenSC.so"), toPath: module)
        try await FileManager.default.createSymbolicLink(
            atPath: folder.file("opensc.so"), withDestinationPath: Self.findModule())
    }

    /// Puts into another folder what `module` needs beside it there.
    public func prepare(_ other: String) throws {
        // A job's module opens what lies in its own folder.
        for name in ["opensc.conf", "opensc.so"] {
            try FileManager.default.copyItem(atPath: folder.file(name), toPath: "\(other)/\(name)")
        }
    }

    /// Asks p11-kit for the folder of modules, which differs by architecture.
    private static func findModule() async throws -> String {
        let package = "opensc-pkcs11"
        let tool = try Programs.find("pkg-config", package: "pkg-config")
        let answer = try await run(tool, ["--variable=p11_module_path", "p11-kit-1"])
        guard answer.succeeded, let folder = answer.lines.first?.text else {
            throw MissingProgram("p11-kit-1.pc", package: "libp11-kit-dev")
        }
        let module = "\(folder)/opensc-pkcs11.so"
        guard access(module, R_OK) == 0 else { throw MissingProgram(module, package: package) }
        return module
    }

    /// Runs one of OpenSC's tools (pkcs15-tool, opensc-tool …) to its end.
    public func tool(_ name: String, _ arguments: String...) async throws -> Finished {
        try await run(Programs.find(name, package: "opensc"), arguments, environment: environment)
    }

    /// Runs pkcs11-tool on the module.
    public func pkcs11(_ arguments: String...) async throws -> Finished {
        try await run(
            Programs.find("pkcs11-tool", package: "opensc"), ["--module", module] + arguments, environment: environment)
    }
}
