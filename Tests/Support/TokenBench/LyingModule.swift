// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A PKCS#11 module that passes everything on to a real one, OpenSC's or SoftHSM's, but for the lies that it is told to tell.
///
/// Built for one test from Tests/Support/modules/lying.c, which says how a lie is written: "C_GetTokenInfo slot=0 return e0".
/// The lies stand in a file beside the library, so that they reach it through any environment; a process reads them when it
/// loads the library.
public struct LyingModule: Sendable {
    public let path: String
    private let folder: String

    /// - Parameters:
    ///   - real: the module that does the work, such as `OpenSC.module`.
    ///   - name: the file's name.
    ///   - folder: where it is put; one of its own, if this is nil.
    ///   - options: the compiler's, such as libraries that it shall need.
    public init(
        over real: String, named name: String = "lying.so", in folder: String? = nil, options: [String] = [],
        _ lies: String...
    ) throws {
        self.folder = try folder ?? Scratch().path
        path = self.folder + "/" + name
        var real = real
        if !real.hasPrefix("/usr/") {
            // A job's module opens what lies beside it, and no other folder of a test.
            let copy = self.folder + "/real"
            try FileManager.default.copyItem(atPath: (real as NSString).deletingLastPathComponent, toPath: copy)
            real = copy + "/" + (real as NSString).lastPathComponent
        }
        for suffix in [".loads", ".calls"] { _ = try VendorModule.file(path + suffix) }
        try Tool("cc", package: "gcc").run(
            [
                "-shared", "-fPIC", "-I/usr/include/p11-kit-1", "-DREAL_MODULE=\"\(real)\"", "-o", path,
                VendorModule.sources + "/lying.c",
            ] + options)
        try tell(lies)
    }

    /// Its lies in the processes that load it from now on; it tells the truth where this is empty.
    public func tell(_ lies: [String]) throws {
        try write(".lies", lies.map { $0 + "\n" }.joined())
    }

    /// The number of processes that have loaded it.
    public var loads: Int {
        (try? String(contentsOfFile: path + ".loads", encoding: .utf8))?.split(separator: "\n").count ?? 0
    }

    /// Has it write down the name of each function that is called from now on.
    public func noteCalls() throws { try write(".calls", "") }

    private func write(_ suffix: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + suffix))
    }

    /// The functions that were called since `noteCalls()`.
    public var calls: [String] {
        (try? String(contentsOfFile: path + ".calls", encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
    }
}
