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
