// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
