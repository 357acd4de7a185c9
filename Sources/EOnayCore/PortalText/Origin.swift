// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Where a portal lives: scheme, host and port, in the one spelling that is signed.
///
/// https, or http on a loopback address; the scheme's own port is left out; nothing follows the port, not even a slash.
public struct Origin: Sendable, Hashable {
    /// `https://portal.example.org`, `http://127.0.0.1:8080`, `http://[::1]:8080`.
    public let text: String
    /// The host as a resolver takes it: a name in lower case, or an address without brackets.
    public let host: String
    public let port: UInt16
    /// False only for http on a loopback address.
    public let isSecure: Bool

    /// Reads an origin as people write it: upper case, the scheme's own port and one slash at the end are put right.
    ///
    /// A name outside ASCII must be given in its `xn--` form: the signed text shows what is meant, letter for letter.
    public init(_ text: String) throws(InvalidOrigin) {
        guard text.utf8.count <= Self.longest else { throw InvalidOrigin(reason: .host) }
        let folded = text.asciiLowercased()
        if folded.hasPrefix("https://") {
            isSecure = true
        } else if folded.hasPrefix("http://") {
            isSecure = false
        } else {
            throw InvalidOrigin(reason: .scheme)
        }
        var rest = folded.dropFirst(isSecure ? 8 : 7)
        if rest.hasSuffix("/") { rest.removeLast() }
        if rest.contains(where: { "/?#@\\".contains($0) }) { throw InvalidOrigin(reason: .extra) }

        let authority: (host: HostName, port: Substring?)
        do { authority = try Self.split(rest) } catch { throw error }
        let usual: UInt16 = isSecure ? 443 : 80
        if let digits = authority.port {
            guard let port = UInt16(digits), port != 0, String(port) == digits else {
                throw InvalidOrigin(reason: .port)
            }
            self.port = port
        } else {
            port = usual
        }
        if !isSecure && !authority.host.isLoopback { throw InvalidOrigin(reason: .insecure) }
        host = authority.host.name
        self.text =
            (isSecure ? "https://" : "http://") + authority.host.inURL + (port == usual ? "" : ":\(port)")
    }

    /// 253 octets of name, the scheme, the port.
    private static let longest = 300

    private static func split(_ rest: Substring) throws(InvalidOrigin) -> (host: HostName, port: Substring?) {
        let name: Substring
        var port: Substring?
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { throw InvalidOrigin(reason: .host) }
            name = rest[...end]
            let tail = rest[rest.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { throw InvalidOrigin(reason: .host) }
            if !tail.isEmpty { port = tail.dropFirst() }
        } else {
            let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            name = parts[0]
            if parts.count == 2 { port = parts[1] }
        }
        guard let host = HostName(name) else { throw InvalidOrigin(reason: .host) }
        return (host, port)
    }
}

extension Origin: CustomStringConvertible {
    public var description: String { text }
}

extension Origin: CodedAsText {
    public var codedText: String { text }

    /// The spelling that is signed, and no other: another spelling is another origin.
    public init(codedText: String) throws {
        try self.init(codedText)
        guard text == codedText else { throw InvalidOrigin(reason: .extra) }
    }
}

/// Why a text is no origin that E-Onay speaks to.
public struct InvalidOrigin: Error, Equatable, Sendable {
    public enum Reason: String, Sendable {
        /// Neither https nor http.
        case scheme
        /// No host, or one that is not written as a name in ASCII or an address.
        case host
        /// Not a port number.
        case port
        /// A path, a query, a fragment or a user.
        case extra
        /// http to something other than a loopback address.
        case insecure
    }

    public let reason: Reason

    public init(reason: Reason) { self.reason = reason }
}
