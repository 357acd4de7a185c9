// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The attributes of a signer, those that his signature covers or those that it does not (RFC 5652, 5.3 and 11).
struct SignedAttributes {
    static let maximum = 64

    /// What was looked for, if it stands there as it must: one attribute with one value.
    enum Value {
        case missing
        case one(DERElement)
        case repeated
    }

    /// What a signature is over: the attributes as a SET OF instead of the `[0]` of the container, in DER's order whatever
    /// the one received (RFC 5652, 5.4).
    let signedBytes: [UInt8]
    /// The same in the order received, which some programs sign.
    let receivedBytes: [UInt8]
    /// In ascending order of their encodings, as DER wants.
    let isSorted: Bool
    private let attributes: [(type: ObjectIdentifier, values: [DERElement])]

    /// - Parameter isLenient: an attribute whose values cannot be read is there without any, as those that nothing covers may be.
    init(_ field: DERElement, rules: DERReader.Rules, isLenient: Bool = false) throws(DERError) {
        var list = DERReader(field.content, rules: rules)
        let elements = try list.all(limit: Self.maximum)
        var attributes: [(type: ObjectIdentifier, values: [DERElement])] = []
        for element in elements {
            var parts = DERReader(element.content, rules: rules)
            do throws(DERError) {
                guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
                let type = try parts.objectIdentifier()
                attributes.append((type, []))
                var values = DERReader(try parts.next(DERTag.set).content, rules: rules)
                try parts.expectEnd()
                attributes[attributes.endIndex - 1].values = try values.all(limit: Self.maximum)
            } catch {
                guard isLenient else { throw error }
            }
        }
        self.attributes = attributes
        isSorted = zip(elements, elements.dropFirst()).allSatisfy {
            !$1.encoding.lexicographicallyPrecedes($0.encoding)
        }
        receivedBytes = DERWriter.element(DERTag.set, field.content)
        signedBytes =
            isSorted
            ? receivedBytes
            : DERWriter.element(DERTag.set, DERWriter.sortedContent(elements.map { Array($0.encoding) }))
    }

    /// An attribute of whatever type occurs a second time.
    var repeatsTypes: Bool { Set(attributes.map(\.type)).count < attributes.count }

    func contains(_ type: ObjectIdentifier) -> Bool { attributes.contains { $0.type == type } }

    /// All values of all attributes of a type.
    func values(_ type: ObjectIdentifier) -> [DERElement] {
        attributes.filter { $0.type == type }.flatMap(\.values)
    }

    func value(_ type: ObjectIdentifier) -> Value {
        let found = attributes.filter { $0.type == type }
        guard let first = found.first else { return .missing }
        guard found.count == 1, first.values.count == 1 else { return .repeated }
        return .one(first.values[0])
    }
}
