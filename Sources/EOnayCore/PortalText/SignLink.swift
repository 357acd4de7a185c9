// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The request of a portal's page by `eonay://sign?code=…&portal=…`.
///
/// Any page and any program can make the desktop open such an address, so it is read as what it is, hostile: it must be
/// letter for letter of this one form, and what it names is only a code and which of the configured portals gave it.
/// The caller finds out whether the portal is one of those; nothing else of the address goes anywhere.
public struct SignLink: Sendable, Equatable {
    public let code: VerificationCode
    public let portal: Origin

    /// The longest address that is looked at, in octets: a portal's name has at most 253.
    public static let longest = 512

    private static let start = "eonay://sign?"

    /// Reads the address as the browser handed it over. Throws what is wrong with it, by a stable word.
    public init(_ address: String) throws(InvalidSignLink) {
        guard address.utf8.count <= Self.longest else { throw InvalidSignLink(.length) }
        // Visible ASCII: no space, control or line end that a shell, log or terminal could make something of.
        guard address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw InvalidSignLink(.character) }
        // A scheme has no case (RFC 3986, 3.1), nor has a host; all else here has.
        let head = String(address.prefix(Self.start.count)).asciiLowercased()
        guard head.hasPrefix("eonay:") else { throw InvalidSignLink(.scheme) }
        guard head == Self.start else { throw InvalidSignLink(.form) }
        let query = address.dropFirst(Self.start.count)
        // A second "?" or "/" is allowed in a query by the letter; here it is part of nothing.
        guard !query.contains(where: { "#?@\\".contains($0) }) else { throw InvalidSignLink(.form) }

        var values: [Substring: Substring] = [:]
        for parameter in query.split(separator: "&", omittingEmptySubsequences: false) {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, ["code", "portal"].contains(parts[0]) else { throw InvalidSignLink(.parameter) }
            guard values.updateValue(parts[1], forKey: parts[0]) == nil else { throw InvalidSignLink(.repetition) }
        }
        guard let digits = values["code"], let origin = values["portal"] else { throw InvalidSignLink(.parameter) }

        // No spaces or hyphens here: nobody has typed it.
        guard let code = try? VerificationCode(codedText: String(digits)) else { throw InvalidSignLink(.code) }
        let written = try Self.unescaped(origin)
        // The one spelling that a portal has of itself; a second one could only serve to mislead.
        guard let portal = try? Origin(written), portal.text == written else { throw InvalidSignLink(.portal) }
        (self.code, self.portal) = (code, portal)
    }

    /// The escapes that an origin needs in a query, and no others: ":", "/", "[" and "]".
    private static func unescaped(_ text: Substring) throws(InvalidSignLink) -> String {
        var parts = text.split(separator: "%", omittingEmptySubsequences: false)
        var plain = String(parts.removeFirst())
        for part in parts {
            switch part.prefix(2).uppercased() {
            case "3A": plain += ":"
            case "2F": plain += "/"
            case "5B": plain += "["
            case "5D": plain += "]"
            default: throw InvalidSignLink(.escape)
            }
            plain += part.dropFirst(2)
        }
        return plain
    }
}

/// Why an address is not opened. It never holds the address.
public struct InvalidSignLink: Error, Sendable, Equatable {
    /// The raw value is a stable word, for scripts and logs.
    public enum Reason: String, Sendable, CaseIterable {
        /// Longer than any address of this form.
        case length
        /// Something other than visible ASCII.
        case character
        /// Not `eonay:`.
        case scheme
        /// Not `eonay://sign?`: another host, a user, a port, a path, a fragment.
        case form
        /// A parameter other than `code` and `portal`, or one of the two is missing.
        case parameter
        /// A parameter comes twice.
        case repetition
        /// Not fifteen digits.
        case code
        /// Escaped what needs no escape.
        case escape
        /// Not an origin in its one spelling.
        case portal
    }

    public let reason: Reason

    public init(_ reason: Reason) { self.reason = reason }
}
