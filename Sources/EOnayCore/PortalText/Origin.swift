// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A portal's address: scheme, host and port, in the one spelling that is signed.
///
/// https, or http on a loopback address; the scheme's own port is left out; nothing follows the port, not even a slash.
public struct Origin: Sendable, Hashable {
    /// `https://portal.example.org`, `http://127.0.0.1:8080`, `http://[::1]:8080`.
    public let text: String
    public let port: UInt16
    /// False only for http on a loopback address.
    public let isSecure: Bool

    /// Reads an origin as people write it: upper case, the scheme's own port and one slash at the end are corrected.
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

        let authority = try Self.split(rest)
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
}

/// The host of an origin: a name in ASCII, an IPv4 address, or an IPv6 address in brackets.
///
/// Only spellings that every resolver reads alike are hosts: `127.1` or `0x7f.0.0.1` are addresses to one resolver
/// and names to another, so they are refused.
struct HostName: Equatable {
    /// Without brackets.
    let name: String
    let isLoopback: Bool
    private let isIPv6: Bool

    /// As it stands in a URL: an IPv6 address in its brackets.
    var inURL: String { isIPv6 ? "[\(name)]" : name }

    /// From lower-case text.
    init?(_ text: Substring) {
        if text.first == "[" {
            guard text.last == "]", let groups = IPv6Address(text.dropFirst().dropLast()) else { return nil }
            (name, isLoopback, isIPv6) = (groups.text, groups.isLoopback, true)
            return
        }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(Self.isLabel), let last = labels.last else { return nil }
        isIPv6 = false
        name = String(text)
        if last.utf8.allSatisfy(Self.isDigit) || last.hasPrefix("0x") {
            guard labels.count == 4, labels.allSatisfy({ UInt8($0).map { String($0) } == String($0) }) else {
                return nil
            }
            isLoopback = labels[0] == "127"
        } else {
            isLoopback = name == "localhost"
        }
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }

    /// RFC 1123, section 2.1: letters, digits and inner hyphens, at most 63 octets.
    private static func isLabel(_ label: Substring) -> Bool {
        let octets = label.utf8
        guard let first = octets.first, let last = octets.last, octets.count <= 63 else { return false }
        let hyphen = UInt8(ascii: "-")
        return first != hyphen && last != hyphen
            && octets.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || $0 == hyphen }
    }
}

/// An IPv6 address without zone or embedded IPv4 address, printed as RFC 5952 says.
struct IPv6Address: Equatable {
    private let groups: [UInt16]

    init?(_ text: Substring) {
        let halves = Self.halves(text)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt16]] = []
        for half in halves {
            var side: [UInt16] = []
            for group in half.isEmpty ? [] : half.split(separator: ":", omittingEmptySubsequences: false) {
                guard (1...4).contains(group.utf8.count), group.first != "+", group.first != "-",
                    let value = UInt16(group, radix: 16)
                else { return nil }
                side.append(value)
            }
            sides.append(side)
        }
        let given = sides.reduce(0) { $0 + $1.count }
        if sides.count == 1 {
            guard given == 8 else { return nil }
            groups = sides[0]
        } else {
            guard given < 8 else { return nil }
            groups = sides[0] + Array(repeating: 0, count: 8 - given) + sides[1]
        }
    }

    /// The parts left and right of "::"; one part where there is none, three or more where there are several.
    private static func halves(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var rest = text
        while let colon = rest.indices.first(where: { rest[$0...].hasPrefix("::") }) {
            parts.append(rest[..<colon])
            rest = rest[rest.index(colon, offsetBy: 2)...]
        }
        return parts + [rest]
    }

    var isLoopback: Bool { groups == [0, 0, 0, 0, 0, 0, 0, 1] }

    /// Lower case, no leading zeros, the first longest run of two or more zero groups as "::".
    var text: String {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        func hex(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }
}

extension String {
    /// The text with A…Z turned to a…z and nothing else touched.
    ///
    /// `lowercased()` maps İ and K (the Kelvin sign) as well, and a name must not become ASCII by being folded.
    func asciiLowercased() -> String {
        var folded = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "A"..."Z": folded.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }
}
