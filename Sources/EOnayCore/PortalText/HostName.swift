// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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

    /// Takes lower-case text.
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
