// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The cookies of a browser: the session's token, a random value that form tokens are bound to, and the language.
struct SessionCookie: Sendable {
    /// Browsers reach the site by https, so cookies travel by https alone.
    let isSecure: Bool

    // __Host- makes browsers insist on Secure, Path=/ and no Domain: no other host of the same domain can set it.
    private var prefix: String { isSecure ? "__Host-" : "" }

    func token(of request: Request) -> String? { value("eonay-session", request) }

    func visitor(of request: Request) -> String? { value("eonay-visitor", request) }

    func language(of request: Request) -> String? { value("eonay-language", request) }

    func setToken(_ token: String) -> String { header("eonay-session", token) }

    func setVisitor(_ visitor: String) -> String { header("eonay-visitor", visitor, sameSite: "Lax") }

    func setLanguage(_ language: String) -> String {
        header("eonay-language", language, sameSite: "Lax", attributes: "; Max-Age=31536000")
    }

    var dropToken: String { header("eonay-session", "", attributes: "; Max-Age=0") }

    /// - Parameter sameSite: the session's cookie never comes with a request that another site started. The two others do
    ///   when a person follows a link; else each link to the site would make a new visitor.
    private func header(
        _ name: String, _ value: String, sameSite: String = "Strict", attributes: String = ""
    ) -> String {
        "\(prefix)\(name)=\(value); Path=/; HttpOnly; SameSite=\(sameSite)" + attributes + (isSecure ? "; Secure" : "")
    }

    private func value(_ name: String, _ request: Request) -> String? {
        CookieHeader(request.headers[values: .cookie]).value(prefix + name)
    }
}

/// The cookies of a request (RFC 6265, 4.2.1).
///
/// Hummingbird's `Cookie` checks the grammar, but its `Cookies` returns the first of two cookies of one name. A browser
/// keeps other hosts from setting `__Host-x`, but not `__Host -x`, so a name must be ours to the octet.
struct CookieHeader {
    private let pairs: [Substring]

    /// Reads the values of all Cookie fields; a proxy may have split them (RFC 9113, 8.2.3).
    init(_ fields: [String]) {
        pairs = fields.flatMap { $0.split(separator: ";") }.map(Self.trimmed)
    }

    /// A cookie's value. nil if it is absent, empty or not valid, and if two have the name: this site set at most one of
    /// them, and nobody can tell which one.
    func value(_ name: String) -> String? {
        let values = pairs.filter { $0.utf8.starts(with: "\(name)=".utf8) }.compactMap { pair in
            try? Cookie.validated(name: name, value: Self.unquoted(pair.dropFirst(name.count + 1))).value
        }
        return values.count == 1 ? values.first { !$0.isEmpty } : nil
    }

    private static func unquoted(_ value: Substring) -> String {
        let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
        return String(isQuoted ? value.dropFirst().dropLast() : value)
    }

    /// Without the blanks around a pair.
    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
