// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import PortalContract
import Texts

/// One request of a browser: its language, its cookies, and its session where it has one.
struct Visit: Sendable {
    let texts: Texts
    let path: String
    /// The random value that the tokens of this browser's forms are bound to.
    let visitor: String
    /// The browser has no such cookie yet.
    let isFirst: Bool
    /// The session's cookie as it came.
    let token: String?
    let session: PortalService.Session?
    /// The browser comes with a session that is over.
    let hasLostSession: Bool
    /// For limits.
    let address: String
    let notes: RequestNotes

    /// A session that is signed in; throws not-logged-in.
    func loggedIn() throws -> PortalService.Session {
        guard let session, session.state.isLoggedIn else { throw PortalProblem(.notLoggedIn) }
        return session
    }

    /// Turkish unless the browser puts English first, or the person chose it.
    static func language(cookie: String?, header: String?) -> Language {
        if let cookie, let chosen = named(cookie) { return chosen }
        return header?.lowercased().hasPrefix("en") == true ? .english : .turkish
    }

    /// The language of a two-letter tag.
    static func named(_ tag: String) -> Language? {
        switch tag {
        case "tr": .turkish
        case "en": .english
        default: nil
        }
    }
}

extension Language {
    /// The tag of RFC 5646.
    var tag: String {
        switch self {
        case .turkish: "tr"
        case .english: "en"
        }
    }
}
