// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The signatures of the Turkish CAdES conformance suite, which stand beside the checkout, in shared/suite.
struct ConformanceSuite {
    /// One line of verdicts.tsv.
    struct Case {
        /// "bes", "est", "xlong", "esa" or "p4_a".
        let group: String
        let file: String
        let isValid: Bool
        let description: String
        let signature: [UInt8]
    }

    let cases: [Case]
    /// Root A and Root C.
    let anchors: [[UInt8]]

    /// Throws where the folder or a file in it is missing, by its name.
    init() throws {
        let folder = try Self.folder()
        func read(_ name: String) throws -> [UInt8] {
            do {
                return try Array(Data(contentsOf: folder.appending(path: name)))
            } catch {
                throw Tool.Failure(description: "the conformance suite lacks \(name)")
            }
        }
        anchors = try ["RootA.crt", "RootC.crt"].map(read)
        let lines = try String(decoding: read("verdicts.tsv"), as: UTF8.self).split(separator: "\n").dropFirst()
        cases = try lines.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 4, ["valid", "invalid"].contains(fields[2]) else {
                throw Tool.Failure(description: "verdicts.tsv has a line that is none of its kind: \(line)")
            }
            return Case(
                group: fields[0], file: fields[1], isValid: fields[2] == "valid", description: fields[3],
                signature: try read("\(fields[0])/\(fields[1])"))
        }
    }

    private static func folder() throws -> URL {
        var candidates: [URL] = []
        if let named = ProcessInfo.processInfo.environment["EONAY_SHARED_SUITE"] {
            candidates = [URL(filePath: named)]
        } else {
            var folder = Tool.package
            for _ in 0..<3 {
                folder.deleteLastPathComponent()
                candidates.append(folder.appending(path: "shared/suite"))
            }
        }
        let found = candidates.first {
            FileManager.default.fileExists(atPath: $0.appending(path: "verdicts.tsv").path)
        }
        guard let found else {
            throw Tool.Failure(
                description: """
                    the conformance suite was not found: it is read from ../shared/suite beside this package, \
                    or from the folder that EONAY_SHARED_SUITE names
                    """)
        }
        return found
    }
}
