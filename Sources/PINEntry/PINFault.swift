// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

/// Why an entry can be no card's PIN, so that no try is spent on it.
public enum PINFault: Equatable, Sendable {
    /// It has fewer or more octets than the card takes.
    case length(ClosedRange<Int>)
    /// It holds what nobody types on purpose: control characters and a byte order mark, blanks at its ends, octets that are no
    /// UTF-8 (in which PKCS#11 wants its PINs: CK_UTF8CHAR).
    case characters
}

extension PIN {
    /// The limits of every PIN, where the card does not name its own.
    private static let anyLength = 1...255

    /// The fault that makes it impossible as a PIN of a card that takes so many octets; nil where there is none.
    ///
    /// The one rule for every way on which a PIN comes, but for a reader's keypad.
    public borrowing func fault(length: ClosedRange<Int>?) -> PINFault? {
        // An empty one is never meant, also where a card would take it.
        let length = length.map { max(1, $0.lowerBound)...max(1, $0.upperBound) } ?? Self.anyLength
        guard withBytes({ Self.isText($0) }) else { return .characters }
        return length.contains(count) ? nil : .length(length)
    }

    private static func isText(_ bytes: Span<UInt8>) -> Bool {
        guard let text = try? UTF8Span(validating: bytes) else { return false }
        var scalars = text.makeUnicodeScalarIterator()
        var isFirst = true
        var isBlank = false
        while let scalar = scalars.next() {
            isBlank = scalar.properties.generalCategory == .spaceSeparator
            guard scalar.isShowable, !(isFirst && isBlank) else { return false }
            isFirst = false
        }
        return !isBlank
    }
}
