// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Properties of an interface with the values that a client has read.
public struct PropertyValues<I: BusInterface>: Sendable, Hashable {
    private var values: [String: Value] = [:]

    /// None yet.
    public init() {}

    /// From `a{sv}`; empty for anything else. A property that the interface does not have is passed over.
    public init(_ value: Value?) {
        for entry in value?.entries ?? [] {
            if let name = entry.key.string, I.Property(rawValue: name) != nil { values[name] = entry.value.unwrapped }
        }
    }

    /// The value; nil where the service sent none, as an earlier version may not know the property.
    public subscript(_ property: I.Property) -> Value? {
        get { values[property.rawValue] }
        set { values[property.rawValue] = newValue }
    }

    /// Takes over the values that have changed.
    public mutating func merge(_ changes: PropertyValues) {
        values.merge(changes.values) { $1 }
    }
}
