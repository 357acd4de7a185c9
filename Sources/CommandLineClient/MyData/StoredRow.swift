// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import PortalContract

/// Within `JSON`, `Value` is another type.
typealias StoredValue = Value

extension JSON {
    /// A row of a list that can grow, whatever keys it has: `NotAfter` becomes `not_after`.
    init(row: StoredValue, except left: Set<String> = []) {
        let entries = row.entries ?? []
        self = .object(
            entries.compactMap { entry in
                guard let key = entry.key.string, !left.contains(key) else { return nil }
                return Member(Self.snake(key), JSON(stored: entry.value.unwrapped))
            })
    }

    private init(stored value: StoredValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int32(let value): self = .integer(Int64(value))
        case .uint32(let value): self = .integer(Int64(value))
        case .int64(let value): self = .integer(value)
        case .string(let value): self = .string(value)
        case .objectPath(let value): self = .string(value.text)
        case .array(of: "y", _): self = .octets(value.bytes ?? [])
        case .array(_, let elements): self = .array(elements.map { JSON(stored: $0) })
        case .structure(let members): self = .array(members.map { JSON(stored: $0) })
        case .variant(let value): self = JSON(stored: value)
        default: self = .null
        }
    }

    private static func snake(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase, !text.isEmpty { text += "_" }
            text += letter.lowercased()
        }
    }
}
