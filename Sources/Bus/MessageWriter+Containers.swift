// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import Glibc

extension MessageWriter {
    /// An array; `body` appends its elements. Also a dictionary, whose elements are ``dictionaryEntry(_:)``.
    public mutating func array(_ body: (inout MessageWriter) throws -> Void) rethrows {
        guard expect(TypeCode.array, size: 8) else { return }
        let length = TypeCode.length(of: cursor)
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: length) { element in
            // The element's signature by itself, with an end.
            memcpy(element.baseAddress!, cursor + 1, length - 1)
            element[length - 1] = 0
            try container(TypeCode.array, element.baseAddress!, contents: element.baseAddress!, isArray: true, body)
        }
        step(over: length)
    }

    /// A structure; `body` appends its members.
    public mutating func structure(_ body: (inout MessageWriter) throws -> Void) rethrows {
        guard expect(TypeCode.openStructure, size: 8) else { return }
        let length = try container(TypeCode.structure, nil, contents: cursor + 1, isArray: false, body)
        step(over: length + 2)
    }

    /// An entry of a dictionary; `body` appends key and value.
    public mutating func dictionaryEntry(_ body: (inout MessageWriter) throws -> Void) rethrows {
        guard expect(TypeCode.openDictionaryEntry, size: 8) else { return }
        let length = try container(TypeCode.dictionaryEntry, nil, contents: cursor + 1, isArray: false, body)
        step(over: length + 2)
    }

    /// A variant that holds one value of that type.
    public mutating func variant(_ signature: Signature, _ body: (inout MessageWriter) throws -> Void) rethrows {
        try signature.text.withCString { try variant(cString: $0, body) }
    }

    mutating func variant(
        cString signature: UnsafePointer<CChar>, _ body: (inout MessageWriter) throws -> Void
    ) rethrows {
        guard expect(TypeCode.variant, size: 8) else { return }
        guard signature.pointee != 0, signature[TypeCode.length(of: signature)] == 0 else { return fail(.wrongType) }
        try container(TypeCode.variant, signature, contents: signature, isArray: false, body)
        step(over: 1)
    }

    /// Opens a container, has it filled and closes it; gives the length of the signature that was filled.
    @discardableResult
    private mutating func container(
        _ type: UInt8, _ signature: UnsafePointer<CChar>?, contents: UnsafePointer<CChar>, isArray: Bool,
        _ body: (inout MessageWriter) throws -> Void
    ) rethrows -> Int {
        var inner = MessageWriter(container: contents, isArray: isArray, room: room)
        guard dbus_message_iter_open_container(&iterator, Int32(type), signature, &inner.iterator) != 0 else {
            fail(.outOfMemory)
            return 0
        }
        do {
            try body(&inner)
        } catch {
            // A caller that catches this must not go on with half a container.
            fail(.wrongType)
            dbus_message_iter_abandon_container(&iterator, &inner.iterator)
            throw error
        }
        room = inner.room
        let end = UInt8(bitPattern: inner.cursor.pointee)
        if inner.failure == nil, !isArray, end != 0, end != UInt8(ascii: ")"), end != UInt8(ascii: "}") {
            inner.fail(.wrongType)
        }
        if let failure = inner.failure {
            fail(failure)
            dbus_message_iter_abandon_container(&iterator, &inner.iterator)
        } else if dbus_message_iter_close_container(&iterator, &inner.iterator) == 0 {
            fail(.outOfMemory)
        }
        return inner.cursor - contents
    }

    // MARK: - Arrays in one go

    /// An array of bytes, copied in one go.
    public mutating func bytes(_ value: [UInt8]) {
        guard expect(TypeCode.array, size: value.count + 8) else { return }
        guard UInt8(bitPattern: cursor[1]) == TypeCode.byte else { return fail(.wrongType) }
        value.withUnsafeBufferPointer { bytes in
            var inner = DBusMessageIter()
            guard dbus_message_iter_open_container(&iterator, Int32(TypeCode.array), "y", &inner) != 0 else {
                return fail(.outOfMemory)
            }
            // libdbus refuses a null pointer even for no bytes.
            if let start = bytes.baseAddress, bytes.count > 0 {
                let appended = withUnsafePointer(to: start) {
                    dbus_message_iter_append_fixed_array(&inner, Int32(TypeCode.byte), $0, Int32(bytes.count))
                }
                guard appended != 0 else {
                    dbus_message_iter_abandon_container(&iterator, &inner)
                    return fail(.outOfMemory)
                }
            }
            if dbus_message_iter_close_container(&iterator, &inner) == 0 { fail(.outOfMemory) }
        }
        step(over: 2)
    }

    public mutating func strings(_ values: [String]) {
        array { for value in values { $0.string(value) } }
    }

    public mutating func objectPaths(_ values: [ObjectPath]) {
        array { for value in values { $0.objectPath(value) } }
    }
}
