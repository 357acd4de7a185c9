// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import Synchronization
import TestBench
import Testing

/// A browser's part in a test: it speaks the portal's contract by curl.
final class Web: Sendable {
    private let curl: String
    private let origin: String
    private let session = Mutex<String?>(nil)

    init(_ origin: String) throws {
        curl = try Programs.find("curl", package: "curl")
        self.origin = origin
    }

    /// Begins a session for the bench's holder; the code that is to be signed.
    func openSession(of identity: String = "10000000146") async throws -> String {
        let answer = try await post("/sessions", ["identity": identity])
        session.withLock { $0 = answer["session"] as? String }
        return try #require((answer["challenge"] as? [String: Any])?["code"] as? String)
    }

    /// Begins a session, has its code signed and types the number.
    func signIn(_ bench: ApprovalBench) async throws {
        let approval = try await bench.sign(try await openSession())
        #expect(try await bench.end(of: approval) == End("signed"))
        let number = try #require(try await bench.facts(approval)["ConfirmationNumber"]?.string)
        #expect(try await post("/session/confirm", ["number": number])["state"] as? String == "logged-in")
    }

    func get(_ path: String) async throws -> [String: Any] { try await perform(["\(origin)/api/v1\(path)"]) }

    /// The elements of an answer that is a list.
    func list(_ path: String) async throws -> [[String: Any]] {
        try #require(try await answer(["\(origin)/api/v1\(path)"]) as? [[String: Any]])
    }

    func post(_ path: String, _ body: [String: String]) async throws -> [String: Any] {
        let text = String(decoding: try JSONEncoder().encode(body), as: UTF8.self)
        return try await perform([
            "--header", "Content-Type: application/json", "--data-binary", text, "\(origin)/api/v1\(path)",
        ])
    }

    private func perform(_ arguments: [String]) async throws -> [String: Any] {
        try #require(try await answer(arguments) as? [String: Any])
    }

    private func answer(_ arguments: [String]) async throws -> Any {
        let token = session.withLock { $0 }
        let authorization = token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
        let answer = try await TestBench.run(curl, ["--silent", "--show-error"] + authorization + arguments).check()
        return try JSONSerialization.jsonObject(with: Data(answer.output))
    }
}
