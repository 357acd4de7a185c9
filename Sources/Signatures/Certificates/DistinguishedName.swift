// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The name of a subject or an issuer (RFC 5280, 4.1.2.4), with its texts exactly as the certificate has them.
public struct DistinguishedName: Sendable, Hashable {
    /// One attribute of a name.
    public struct Attribute: Sendable, Hashable {
        /// The attribute's type in dotted decimal, such as "2.5.4.3".
        public let type: String
        /// The text, in whatever string type it was written.
        public let value: String
    }

    /// In the order of the certificate, which says nothing about their meaning: look them up by type.
    public let attributes: [Attribute]

    /// The encoding in the certificate.
    public let der: [UInt8]

    /// The last common name, the most specific one; nil where there is none.
    public var commonName: String? { last("2.5.4.3") }

    /// The last value of an attribute type in dotted decimal; nil where the name has none.
    public func last(_ type: String) -> String? {
        attributes.last { $0.type == type }?.value
    }

    /// The whole name in one line, in the certificate's order: `C=TR, O=…, CN=…`.
    public var text: String {
        attributes.map { "\(Self.labels[$0.type] ?? $0.type)=\($0.value)" }.joined(separator: ", ")
    }

    private static let labels = [
        "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
        "2.5.4.9": "street", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.42": "GN",
        "2.5.4.65": "pseudonym",
        "2.5.4.97": "organizationIdentifier", "0.9.2342.19200300.100.1.25": "DC",
        "1.2.840.113549.1.9.1": "emailAddress",
    ]

    /// Reads an RDNSequence; attributes whose values are no strings are left out.
    init(_ element: DERElement) throws(DERError) {
        attributes = try Self.fields(element).joined().compactMap { type, value in
            DERString.text(value).map { Attribute(type: type.description, value: $0) }
        }
        der = Array(element.encoding)
    }

    /// Types and values of an RDNSequence, by its sets.
    fileprivate static func fields(
        _ element: DERElement
    ) throws(DERError) -> [[(type: ObjectIdentifier, value: DERElement)]] {
        var reader = DERReader(element.content)
        return try reader.all(limit: 64).map { relative throws(DERError) in
            guard relative.tag == DERTag.set else { throw DERError(.unexpectedTag) }
            var set = DERReader(relative.content)
            return try set.sequences(limit: 64).map { pair throws(DERError) in
                var pair = pair
                return (try pair.objectIdentifier(), try pair.next())
            }
        }
    }
}

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
        parts = try DistinguishedName.fields(element).map { set in
            Set(
                set.map { type, value in
                    Attribute(
                        type: type,
                        value: DERString.exactText(value).map { .text(Self.prepared($0)) }
                            ?? .octets(Array(value.encoding)))
                })
        }
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
        names(other.der)
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

/// A GeneralName by which a certificate and a revocation list say that they belong together (RFC 5280, 4.2.1.13, 5.2.5).
///
/// Directory names are equal in any spelling (RFC 5280, 7.1), all else octet by octet.
enum DistributionPointName: Sendable, Hashable {
    case directory(ComparableName)
    case other(tag: UInt8, content: [UInt8])

    init(_ name: DERElement) {
        if name.tag == DERTag.contextConstructed(4) {
            do throws(DERError) {
                self = .directory(try ComparableName(DERReader.single(name.content, tag: DERTag.sequence)))
                return
            } catch {
                // No name after all: it equals only its own octets.
            }
        }
        self = .other(tag: name.tag, content: Array(name.content))
    }

    /// A uniformResourceIdentifier.
    var isAddress: Bool {
        if case .other(DERTag.context(6), _) = self { true } else { false }
    }
}
