// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalClient

/// A running scripted portal (Tests/Fixtures/scripted-portal): answers each request by the next step of its script.
final class ScriptedPortal {
    /// One request as the server saw it.
    struct Request: Decodable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let port: Int
    private let process = Process()
    private let output = Pipe()
    private var unread = Data()

    /// Starts the server; `identity` is a PEM file of key and certificate, for TLS.
    init(_ script: [String], identity: String? = nil, from file: String = #filePath) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
        let server = folder.appending(path: "Fixtures/scripted-portal/scripted_portal.py").path
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [server, "[" + script.joined(separator: ",") + "]"] + (identity.map { [$0] } ?? [])
        process.standardOutput = output
        do { try process.run() } catch { throw MissingProgram(package: "python3") }
        var unread = Data()
        guard let line = Self.line(of: output, &unread), let port = Int(line) else {
            throw MissingProgram(package: "python3")
        }
        self.port = port
        self.unread = unread
    }

    deinit {
        // SIGTERM is blocked in what a test's thread starts.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The origin over plain HTTP.
    var origin: Origin { get throws { try Origin("http://127.0.0.1:\(port)") } }

    /// A client of it that loses patience soon.
    func client(total: UInt32 = 5000) throws -> PortalClient {
        try PortalClient(portal: try origin, timeouts: PortalTimeouts(connect: 2000, total: total))
    }

    /// The next request that it got.
    func request() throws -> Request {
        guard let line = Self.line(of: output, &unread) else { throw MissingProgram(package: "python3") }
        return try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    }

    private static func line(of pipe: Pipe, _ unread: inout Data) -> String? {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                defer { unread = Data(unread[(end + 1)...]) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let part = pipe.fileHandleForReading.availableData
            if part.isEmpty { return nil }
            unread += part
        }
    }
}

/// A test needs a program that is not there, or does not run.
struct MissingProgram: Error, CustomStringConvertible {
    let package: String
    var description: String { "install the Debian package \(package)" }
}

/// A step of the script that answers 200 with a JSON text.
func step(_ body: String) -> String { step(200, body) }

/// A step of the script that answers with a JSON text.
func step(_ status: Int, _ body: String, _ more: String = "") -> String {
    let text = String(decoding: try! JSONEncoder().encode(body), as: UTF8.self)
    return "{\"status\": \(status), \"body\": \(text)\(more)}"
}

/// A step that answers with a problem of the contract.
func problem(_ name: String, _ status: Int) -> String {
    step(
        status, "{\"type\": \"urn:eonay:problem:\(name)\", \"title\": \"\", \"status\": \(status)}",
        ", \"type\": \"application/problem+json\"")
}
