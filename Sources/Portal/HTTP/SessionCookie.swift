// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// The cookies of a browser: the session's token, and a random value that the tokens of forms are bound to.
struct SessionCookie: Sendable {
    /// The site is reached by https, so that cookies travel by it alone.
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

    /// Takes the session's cookie back.
    var dropToken: String { header("eonay-session", "", attributes: "; Max-Age=0") }

    /// - Parameter sameSite: the session never travels with what another site starts; the two others do on links, for
    ///   else each link to the site would make a new visitor of an old one.
    private func header(
        _ name: String, _ value: String, sameSite: String = "Strict", attributes: String = ""
    ) -> String {
        "\(prefix)\(name)=\(value); Path=/; HttpOnly; SameSite=\(sameSite)" + attributes + (isSecure ? "; Secure" : "")
    }

    private func value(_ name: String, _ request: Request) -> String? {
        CookieHeader(request.headers[values: .cookie]).value(prefix + name)
    }
}

/// The cookies of a request, read by the grammar of RFC 6265, 4.2.1, and by nothing wider.
///
/// A browser keeps other hosts from setting `__Host-x`, but not `__Host -x` or one without a name whose value looks like
/// it: what is no pair of a token and cookie octets is nobody's cookie here. Hummingbird's `Cookies` takes whatever stands
/// before the first "=" for a name, and of two cookies of a name the first one.
struct CookieHeader {
    private let pairs: [(name: Substring, value: Substring)]

    /// Reads the values of all Cookie fields; servers are told to put more than one together (RFC 9113, 8.2.3).
    init(_ fields: [String]) {
        pairs = fields.flatMap { $0.split(separator: ";") }.compactMap(Self.pair)
    }

    /// A cookie's value; nil for an absent or empty one, and where there are two of the name: one of them was not set by
    /// this site, and nobody can tell which one.
    func value(_ name: String) -> String? {
        let values = pairs.filter { $0.name == name }
        guard values.count == 1, let value = values.first?.value, !value.isEmpty else { return nil }
        return String(value)
    }

    private static func pair(_ text: Substring) -> (name: Substring, value: Substring)? {
        // "; " stands between two. Blanks around a pair are nobody's meaning; any inside it make it none.
        let trimmed = text.drop { $0 == " " || $0 == "\t" }
        guard let equals = trimmed.firstIndex(of: "=") else { return nil }
        let name = trimmed[..<equals]
        var value = trimmed[trimmed.index(after: equals)...]
        while value.last == " " || value.last == "\t" { value = value.dropLast() }
        if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenOctet), value.utf8.allSatisfy(isCookieOctet) else {
            return nil
        }
        return (name, value)
    }

    /// tchar of RFC 9110, 5.6.2.
    private static func isTokenOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
        }
    }

    private static func isCookieOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}
