// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalBench
import TestBench

/// A portal that says what a test wrote down for it, lies included (scripted_portal.py): one answer for each request.
final class PortalScript: Sendable {
    let origin: String
    private let process: ChildProcess

    init(_ steps: [String] = []) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Support/PortalBench/scripted_portal.py").standardized.path
        process = try await ChildProcess.start(Programs.find("python3", package: "python3"), [script])
        let line = try await process.lines.next { Int($0.text) != nil }
        origin = "http://127.0.0.1:\(line.text)"
        for step in steps { say(step) }
    }

    func say(_ step: String) { process.write(line: step) }

    /// Returns when a request of that method and with that ending of its path has come.
    func request(_ method: String, _ ending: String) async throws {
        let (first, last) = ("\"method\": \"\(method)\"", "\(ending)\"")
        try await process.lines.next { $0.text.contains(first) && $0.text.contains(last) }
    }

    // MARK: - A portal's answers

    static let version = "2026-01"
    static let statement = Step.json(
        #"{"version": "2026-01", "accept": "Bu bir denemedir. KABUL EDİYORUM.", "decline": "KABUL ETMİYORUM."}"#)
    static let loginCode = "638856212993845"
    static let consentCode = "112233445566778"

    static func challenge(
        _ code: String, _ purpose: String = "login", portal: String = "http://127.0.0.1:PORT", expiresIn: Int = 300,
        more: String = ""
    ) -> String {
        """
        {"code": "\(code)", "purpose": "\(purpose)", "portal": "\(portal)", "issuedAt": "2026-01-01T00:00:00Z", \
        "expiresAt": "2026-01-01T00:05:00Z", "expiresIn": \(expiresIn)\(more)}
        """
    }

    /// The answer to POST /sessions.
    static func session(_ challenge: String = challenge(loginCode)) -> String {
        Step.json(
            #"{"session": "0123456789abcdef0123456789abcdef0123456789abcdef", "challenge": \#(challenge)}"#, status: 201
        )
    }

    static let signedIn = Step.json(#"{"purpose": "login", "result": "signed", "number": "123456"}"#)
    /// The answer to DELETE /session.
    static let ended = #"{"status": 204, "type": ""}"#
    static let confirmed = Step.json(#"{"state": "logged-in"}"#)

    /// The answer to POST /decision.
    static func consent(
        decision: String = "accept", version: String = version, statement: String = "Bu bir denemedir. KABUL EDİYORUM.",
        purpose: String = "consent", portal: String = "http://127.0.0.1:PORT", expiresIn: Int = 300
    ) -> String {
        let declared =
            #", "decision": "\#(decision)", "statementVersion": "\#(version)", "statement": "\#(statement)""#
        return Step.json(
            challenge(
                consentCode, purpose, portal: portal, expiresIn: expiresIn, more: purpose == "consent" ? declared : ""),
            status: 201)
    }

    /// Everything up to the code of the consent.
    static let untilDecision = [statement, session(), signedIn, confirmed]
    static let recorded = Step.json(#"{"purpose": "consent", "result": "recorded", "reference": "EO-1"}"#)
}
