// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The attributes that a signature covers (RFC 5652, 11).
struct SignedAttributes {
    static let maximum = 64

    /// What was looked for, if it stands there as it must: one attribute with one value.
    enum Value {
        case missing
        case one(DERElement)
        case repeated
    }

    /// What the signature is over: the attributes as received, as a SET OF instead of the `[0]` of the container.
    let signedBytes: [UInt8]
    /// In ascending order of their encodings, as DER wants.
    let isSorted: Bool
    private let attributes: [(type: ObjectIdentifier, values: [DERElement])]

    init(_ field: DERElement, rules: DERReader.Rules) throws(DERError) {
        var list = DERReader(field.content, rules: rules)
        let elements = try list.all(limit: Self.maximum)
        var attributes: [(type: ObjectIdentifier, values: [DERElement])] = []
        for element in elements {
            guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
            var parts = DERReader(element.content, rules: rules)
            let type = try parts.objectIdentifier()
            var values = DERReader(try parts.next(DERTag.set).content, rules: rules)
            try parts.expectEnd()
            attributes.append((type, try values.all(limit: Self.maximum)))
        }
        self.attributes = attributes
        isSorted = zip(elements, elements.dropFirst()).allSatisfy {
            !$1.encoding.lexicographicallyPrecedes($0.encoding)
        }
        signedBytes = DERWriter.element(DERTag.set, field.content)
    }

    /// An attribute of whatever type occurs a second time.
    var repeatsTypes: Bool { Set(attributes.map(\.type)).count < attributes.count }

    func value(_ type: ObjectIdentifier) -> Value {
        let found = attributes.filter { $0.type == type }
        guard let first = found.first else { return .missing }
        guard found.count == 1, first.values.count == 1 else { return .repeated }
        return .one(first.values[0])
    }
}
