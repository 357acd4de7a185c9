// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// Introspection XML in a form that can be compared.
enum InterfaceText {
    static let contract = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "dbus/org.eonay.EOnay1.xml")

    /// Of each interface of a document, one line for each element: what it is and its attributes, sorted; no comments, no layout.
    static func of(_ document: String) async throws -> [String: [String]] {
        // The doctype names a file on the net, which xmllint would fetch for the canonical form.
        let start = try #require(document.firstRange(of: "<node"))
        let canonical = try await run(
            Programs.find("xmllint", package: "libxml2-utils"), ["--nonet", "--noblanks", "--c14n", "-"],
            input: Array(document[start.lowerBound...].utf8)
        ).check().text
        let lines = canonical.replacing(/<!--.*?-->/.dotMatchesNewlines(), with: "").split(separator: "<")
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        var found: [String: [String]] = [:]
        var current: String?
        for line in lines {
            if let name = line.wholeMatch(of: /interface name="(.*)">/)?.1 {
                current = String(name)
                found[String(name)] = []
            } else if line == "/interface>" {
                current = nil
            } else if let current, !line.isEmpty {
                found[current, default: []].append(line)
            }
        }
        return found
    }
}
