// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench

/// A gate before a real portal (portal_gate.py): a test can hold, or lose, a request or its answer.
///
/// A passage is the call's last word and how often it was made, such as "signature 2".
final class PortalGate: Sendable {
    enum Side: String { case request, answer }

    /// The name by which everybody calls the portal.
    let origin: String
    private let process: ChildProcess

    /// Starts it; `lead(to:)` tells it where the portal is.
    init() async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Support/PortalBench/portal_gate.py").standardized.path
        process = try await ChildProcess.start(Programs.find("python3", package: "python3"), [script])
        let line = try await process.lines.next { $0.text.hasPrefix("port ") }
        origin = "http://127.0.0.1:\(line.text.dropFirst("port ".count))"
    }

    /// Everything that happened at the gate, as portal_gate.py tells it.
    var events: [String] { process.lines.all.map(\.text) }

    /// The portal's own configuration: it goes by the gate's name.
    var configuration: String { "[Server]\nOrigin=\(origin)\n" }

    func lead(to portal: TestPortal) async throws {
        let port = portal.origin.split(separator: ":").last ?? ""
        try await order("{\"portal\": \(port)}")
    }

    /// Lets that passage come no further than this side of the portal.
    func hold(_ side: Side, of passage: String) async throws {
        try await order("{\"at\": \"\(passage)\", \"stop\": \"\(side)\"}")
    }

    /// Closes the connection instead of passing that on.
    func lose(_ side: Side, of passage: String) async throws {
        try await order("{\"at\": \"\(passage)\", \"lose\": \"\(side)\"}")
    }

    /// Returns when the passage has come to where it is held, or lost.
    func reached(_ side: Side, of passage: String) async throws {
        try await process.lines.next { ["held", "lost"].map { "\($0) \(side) \(passage)" }.contains($0.text) }
    }

    /// Returns when its answer has been passed on.
    func answered(_ passage: String) async throws {
        try await process.lines.next { $0.text.hasPrefix("answered \(passage) ") }
    }

    func release() { process.write(line: "{\"release\": true}") }

    private func order(_ order: String) async throws {
        process.write(line: order)
        try await process.lines.next { $0.text == "told" }
    }
}
