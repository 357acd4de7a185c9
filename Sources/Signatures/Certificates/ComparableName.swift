// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A distinguished name in the form in which its spellings are equal (RFC 5280, 7.1).
///
/// Programs write one name as PrintableString here and as UTF8String there, in other case or with other blanks. Texts
/// are compared as RFC 4518 prepares them for caseIgnoreMatch: case folded, blanks at the ends dropped and inner ones
/// made one. Case is Unicode's, not Turkey's: "I" and "ı" stay two letters. A value that is no proper text is compared by
/// its octets.
struct ComparableName: Hashable, Sendable {
    private struct Attribute: Hashable, Sendable {
        let type: ObjectIdentifier
        let value: Value
    }

    private enum Value: Hashable, Sendable {
        case text(String)
        case octets([UInt8])
    }

    /// In the name's order; within a SET there is none.
    private let parts: [Set<Attribute>]

    /// Reads an RDNSequence.
    init(_ element: DERElement) throws(DERError) {
        guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var reader = DERReader(element.content)
        var parts: [Set<Attribute>] = []
        for relative in try reader.all(limit: 64) {
            guard relative.tag == DERTag.set else { throw DERError(.unexpectedTag) }
            var set = DERReader(relative.content)
            var attributes: Set<Attribute> = []
            for pair in try set.all(limit: 64) {
                guard pair.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
                var fields = DERReader(pair.content)
                let type = try fields.objectIdentifier()
                let value = try fields.next()
                attributes.insert(
                    Attribute(
                        type: type,
                        value: DERString.exactText(value).map { .text(Self.prepared($0)) }
                            ?? .octets(Array(value.encoding))))
            }
            parts.append(attributes)
        }
        self.parts = parts
    }

    /// String preparation (RFC 4518, 2.2, 2.4 and 2.6.1); Swift compares by canonical equivalence, which is 2.3.
    private static func prepared(_ text: String) -> String {
        var words = String.UnicodeScalarView()
        var isPending = false
        for scalar in text.unicodeScalars {
            switch kind(of: scalar) {
            case .nothing: continue
            case .blank: isPending = true
            case .letter:
                if isPending, !words.isEmpty { words.append(" ") }
                isPending = false
                words.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return String(words)
    }

    private enum Kind { case nothing, blank, letter }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x09...0x0D, 0x85: return .blank
        case 0x34F, 0x200B, 0xFE00...0xFE0F: return .nothing
        default: break
        }
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .blank
        case .control, .format: return .nothing
        default: return .letter
        }
    }
}

extension DistinguishedName {
    /// Whether this is the same name, whatever its spelling.
    func names(_ other: DistinguishedName) -> Bool {
        if der == other.der { return true }
        guard let ours = Self.comparable(der[...]), let theirs = Self.comparable(other.der[...]) else { return false }
        return ours == theirs
    }

    /// The same for a name that is only known by its encoding.
    func names(_ other: some Collection<UInt8>) -> Bool {
        if der.elementsEqual(other) { return true }
        guard let ours = Self.comparable(der[...]), let theirs = Self.comparable(Array(other)[...]) else {
            return false
        }
        return ours == theirs
    }

    private static func comparable(_ encoding: ArraySlice<UInt8>) -> ComparableName? {
        do throws(DERError) {
            return try ComparableName(DERReader.single(encoding, tag: DERTag.sequence))
        } catch {
            return nil  // no name, so equal to none
        }
    }
}
