// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An algorithm and its parameters as certificates and CMS name them (RFC 5280, 4.1.1.2).
struct AlgorithmIdentifier {
    let algorithm: ObjectIdentifier
    let parameters: DERElement?
    /// Algorithm and parameters as encoded, without the SEQUENCE around them.
    let content: ArraySlice<UInt8>

    init(_ element: DERElement, rules: DERReader.Rules = .forgiving) throws(DERError) {
        guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(element.content, rules: rules)
        algorithm = try parts.objectIdentifier()
        parameters = parts.isAtEnd ? nil : try parts.next()
        try parts.expectEnd()
        content = element.content
    }

    /// Parameters are absent or NULL, which RFC 5754 wants treated alike.
    var hasNoParameters: Bool {
        guard let parameters else { return true }
        return parameters.tag == DERTag.null && parameters.content.isEmpty
    }

    /// The digest that this names, nil where it names none known.
    var digest: Digest? {
        hasNoParameters ? Digest(algorithm) : nil
    }

    static func encoded(_ algorithm: ObjectIdentifier, null: Bool = false) -> [UInt8] {
        let identifier = DERWriter.objectIdentifier(algorithm)
        return null ? DERWriter.sequence(identifier, DERWriter.null) : DERWriter.sequence(identifier)
    }
}
