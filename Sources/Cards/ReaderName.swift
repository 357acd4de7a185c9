// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The name by which PC/SC knows a reader, such as "ACS ACR39U ICC Reader 00 00": octets in no certain encoding.
///
/// It comes from the reader's USB descriptor or from pcscd's configuration. PC/SC and the modules are given the octets as they
/// are; a name that was repaired first would be nobody's. Two names that look alike when repaired stay two.
public struct ReaderName: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let octets: [UInt8]

    public init(_ octets: [UInt8]) { self.octets = octets }

    public init(_ text: String) { octets = Array(text.utf8) }

    public init(stringLiteral text: String) { self.init(text) }

    /// For people: what is no UTF-8 is replaced by U+FFFD.
    public var shown: String { String(decoding: octets, as: UTF8.self) }

    public var description: String { shown }

    public static func < (left: Self, right: Self) -> Bool { left.octets.lexicographicallyPrecedes(right.octets) }

    /// Whether a module that cuts long names may show both readers under one. PKCS#11 leaves a name 64 octets, of which some
    /// modules use the last ones to say that it was cut.
    public func isAlike(_ other: ReaderName) -> Bool {
        octets.prefix(Self.shortestCut) == other.octets.prefix(Self.shortestCut)
    }

    private static let shortestCut = 57
}
