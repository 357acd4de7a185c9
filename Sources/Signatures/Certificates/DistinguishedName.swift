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
        var reader = DERReader(element.content)
        var attributes: [Attribute] = []
        for relative in try reader.all(limit: 64) {
            guard relative.tag == DERTag.set else { throw DERError(.unexpectedTag) }
            var set = DERReader(relative.content)
            for pair in try set.all(limit: 64) {
                guard pair.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
                var parts = DERReader(pair.content)
                let type = try parts.objectIdentifier()
                if let value = DERString.text(try parts.next()) {
                    attributes.append(Attribute(type: type.description, value: value))
                }
            }
        }
        self.attributes = attributes
        der = Array(element.encoding)
    }
}
