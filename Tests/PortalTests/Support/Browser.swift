// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import PortalContract

/// A browser without scripts: it keeps cookies, follows where it is sent, and posts the forms of pages.
final class Browser {
    let portal: PortalClient
    private(set) var cookies: [String: String] = [:]
    /// The path of the page that it shows.
    private(set) var path = ""
    private(set) var page: PortalClient.Answer?

    init(_ portal: PortalClient) { self.portal = portal }

    var text: String { page?.text ?? "" }

    /// Opens a page, and the pages that it sends on to.
    func open(_ path: String, headers: [(String, String)] = []) async throws {
        try await show("GET", path, headers: headers, body: nil)
    }

    /// Posts a form with the page's token.
    func post(_ path: String, _ fields: [(String, String)], headers: [(String, String)] = []) async throws {
        let form = [("form", formToken)] + fields
        let body = form.map { "\($0)=\($1)" }.joined(separator: "&")
        try await show(
            "POST", path, headers: [("Content-Type", "application/x-www-form-urlencoded")] + headers,
            body: Array(body.utf8))
    }

    /// The hidden token of the page's forms.
    var formToken: String {
        guard let start = text.range(of: "name=\"form\" value=\"")?.upperBound else { return "" }
        return String(text[start...].prefix { $0 != "\"" })
    }

    /// The fifteen digits that the page shows.
    var code: String {
        guard let start = text.range(of: "data-copy=\"")?.upperBound else { return "" }
        return String(text[start...].prefix { $0 != "\"" })
    }

    private func show(_ method: String, _ path: String, headers: [(String, String)], body: [UInt8]?) async throws {
        var answer = try await send(method, path, headers: headers, body: body)
        self.path = path
        var hops = 0
        while answer.status == 303, let location = answer.header("Location"), hops < 5 {
            self.path = location
            answer = try await send("GET", location, headers: [], body: nil)
            hops += 1
        }
        page = answer
    }

    private func send(
        _ method: String, _ path: String, headers: [(String, String)], body: [UInt8]?
    ) async throws -> PortalClient.Answer {
        let jar = cookies.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; ")
        let answer = try await portal.send(method, path, headers: headers + [("Cookie", jar)], body: body)
        for line in answer.headers["Set-Cookie"] {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = line.contains("Max-Age=0") ? nil : String(pair[1])
        }
        return answer
    }
}
