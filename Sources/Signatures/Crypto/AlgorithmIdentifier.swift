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
        try self.init(content: element.content, rules: rules)
    }

    /// Reads one whose own tag was replaced by an IMPLICIT one.
    init(content: ArraySlice<UInt8>, rules: DERReader.Rules = .forgiving) throws(DERError) {
        var parts = DERReader(content, rules: rules)
        algorithm = try parts.objectIdentifier()
        parameters = parts.isAtEnd ? nil : try parts.next()
        try parts.expectEnd()
        self.content = content
    }

    /// Parameters are absent or NULL, which RFC 5754 wants treated alike.
    var hasNoParameters: Bool {
        guard let parameters else { return true }
        return parameters.tag == DERTag.null && parameters.content.isEmpty
    }

    /// Whether both name the same algorithm with parameters that mean the same, however they are written.
    ///
    /// A certificate or a list names its algorithm twice, and RFC 5280 (4.1.1.2, 5.1.1.2) wants both alike. Writers of
    /// which one half has NULL and the other nothing exist (all of TÜBİTAK's test authorities), and DER lets PSS leave its
    /// defaults out.
    func means(_ other: AlgorithmIdentifier) -> Bool {
        guard algorithm == other.algorithm else { return false }
        if algorithm == .rsaPSS {
            if let ours = PSSParameters(parameters), let theirs = PSSParameters(other.parameters) {
                return ours == theirs
            }
        } else if hasNoParameters, other.hasNoParameters {
            return true
        }
        return content.elementsEqual(other.content)
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
