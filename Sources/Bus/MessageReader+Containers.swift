// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

extension MessageReader {
    /// An array: `body` is called for each element and reads it; an element that it leaves is skipped.
    public mutating func array(_ body: (inout MessageReader) throws -> Void) throws {
        try contents(of: TypeCode.array) { elements in
            while !elements.isAtEnd {
                let before = elements.taken
                try body(&elements)
                if elements.taken == before { elements.step() }
            }
        }
    }

    /// A structure: `body` reads its members; those it leaves are skipped.
    public mutating func structure(_ body: (inout MessageReader) throws -> Void) throws {
        try contents(of: TypeCode.structure, body)
    }

    /// An entry of a dictionary: `body` reads key and value.
    public mutating func dictionaryEntry(_ body: (inout MessageReader) throws -> Void) throws {
        try contents(of: TypeCode.dictionaryEntry, body)
    }

    /// A variant: `body` reads the one value that it holds.
    public mutating func variant(_ body: (inout MessageReader) throws -> Void) throws {
        try contents(of: TypeCode.variant, body)
    }

    private mutating func contents(of type: UInt8, _ body: (inout MessageReader) throws -> Void) throws {
        try expect(type)
        var inner = MessageReader(container: DBusMessageIter(), descriptorsLeft: descriptorsLeft)
        dbus_message_iter_recurse(&iterator, &inner.iterator)
        defer {
            descriptorsLeft = inner.descriptorsLeft
            step()
        }
        try body(&inner)
    }

    /// An array of bytes, copied in one go.
    public mutating func bytes() throws(BusError) -> [UInt8] {
        try expect(TypeCode.array)
        guard UInt8(truncatingIfNeeded: dbus_message_iter_get_element_type(&iterator)) == TypeCode.byte else {
            throw .invalidArgs("an array is not of bytes")
        }
        var inner = DBusMessageIter()
        dbus_message_iter_recurse(&iterator, &inner)
        var start: UnsafePointer<UInt8>?
        var count: Int32 = 0
        dbus_message_iter_get_fixed_array(&inner, &start, &count)
        step()
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
