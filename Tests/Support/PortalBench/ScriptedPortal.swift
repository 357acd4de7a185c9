// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import Foundation
internal import Glibc
public import PortalClient
internal import TestBench

/// A running scripted portal (scripted_portal.py): answers each request by the next step of its script.
///
/// For tests that wait: it blocks the thread that asks it.
public final class ScriptedPortal {
    /// One request as the server saw it.
    public struct Request: Decodable {
        public let method: String
        public let path: String
        public let headers: [String: String]
        public let body: Data

        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    public let port: Int
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    /// Starts the server with the first steps of its script; `identity` is a PEM file of key and certificate, for TLS.
    public init(_ script: [String] = [], identity: String? = nil) throws {
        let server = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "scripted_portal.py").path
        process = try Process.beginning(
            try Programs.find("python3", package: "python3"), [server] + (identity.map { [$0] } ?? []),
            package: "python3")
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let line = Self.line(of: output, &unread), let port = Int(line) else {
            throw MissingProgram("python3", package: "python3")
        }
        self.port = port
        for step in script { say(step) }
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Adds a step to the script.
    public func say(_ step: String) { input.fileHandleForWriting.write(Data("\(step)\n".utf8)) }

    /// The origin over plain HTTP.
    public var origin: Origin { get throws { try Origin("http://127.0.0.1:\(port)") } }

    /// A client of it that loses patience soon.
    public func client(total: UInt32 = 5000) throws -> PortalClient {
        try PortalClient(portal: try origin, timeouts: PortalTimeouts(connect: 2000, total: total))
    }

    /// The next request that it got.
    public func request() throws -> Request {
        guard let line = Self.line(of: output, &unread) else { throw MissingProgram("python3", package: "python3") }
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
