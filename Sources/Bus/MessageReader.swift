// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

/// Reads the values of a message one after another.
///
/// Each call reads the next value and throws `InvalidArgs` if there is none or it is of another type. libdbus has checked the
/// message when it arrived: texts are valid UTF-8, paths and signatures are valid, nesting is at most 64 deep.
public struct MessageReader: ~Copyable, @unchecked Sendable {  // unchecked: only lent, so it never leaves its thread
    var iterator: DBusMessageIter
    /// The number of descriptors that may still be taken out of the message; containers give it back.
    var descriptorsLeft = MessageReader.descriptorLimit
    /// The number of values that have been read here.
    private(set) var taken = 0

    /// A message of ours has two at most; each that is taken is one of the process' limited number.
    static let descriptorLimit = 16

    init(_ message: OpaquePointer) {
        iterator = DBusMessageIter()
        dbus_message_iter_init(message, &iterator)
    }

    init(container: DBusMessageIter, descriptorsLeft: Int) {
        iterator = container
        self.descriptorsLeft = descriptorsLeft
    }

    public var isAtEnd: Bool {
        mutating get { nextCode == TypeCode.end }
    }

    var nextCode: UInt8 {
        mutating get { UInt8(truncatingIfNeeded: dbus_message_iter_get_arg_type(&iterator)) }
    }

    /// The whole signature of the next value.
    public var nextSignature: Signature {
        mutating get {
            guard let text = dbus_message_iter_get_signature(&iterator) else { return "" }
            defer { dbus_free(text) }
            return Signature(checked: String(cString: text))
        }
    }

    public mutating func byte() throws(BusError) -> UInt8 { try basic(TypeCode.byte, UInt8(0)) }
    public mutating func bool() throws(BusError) -> Bool { try basic(TypeCode.bool, dbus_bool_t(0)) != 0 }
    public mutating func int16() throws(BusError) -> Int16 { try basic(TypeCode.int16, Int16(0)) }
    public mutating func uint16() throws(BusError) -> UInt16 { try basic(TypeCode.uint16, UInt16(0)) }
    public mutating func int32() throws(BusError) -> Int32 { try basic(TypeCode.int32, Int32(0)) }
    public mutating func uint32() throws(BusError) -> UInt32 { try basic(TypeCode.uint32, UInt32(0)) }
    public mutating func int64() throws(BusError) -> Int64 { try basic(TypeCode.int64, Int64(0)) }
    public mutating func uint64() throws(BusError) -> UInt64 { try basic(TypeCode.uint64, UInt64(0)) }
    public mutating func double() throws(BusError) -> Double { try basic(TypeCode.double, Double(0)) }

    public mutating func string() throws(BusError) -> String { try text(TypeCode.string) }

    public mutating func objectPath() throws(BusError) -> ObjectPath {
        ObjectPath(checked: try text(TypeCode.objectPath))
    }

    public mutating func signature() throws(BusError) -> Signature {
        Signature(checked: try text(TypeCode.signature))
    }

    /// A descriptor of our own, a duplicate of the message's. Throws `LimitsExceeded` if the process has no more to give, or the
    /// message too many.
    public mutating func descriptor() throws(BusError) -> FileDescriptorHandle {
        guard descriptorsLeft > 0 else { throw .limitsExceeded("too many descriptors in one message") }
        let descriptor = try basic(TypeCode.descriptor, Int32(-1))
        guard descriptor >= 0 else { throw .limitsExceeded("no descriptor left") }
        descriptorsLeft -= 1
        return FileDescriptorHandle(owning: descriptor)
    }

    /// Passes over the next value.
    public mutating func skip() throws(BusError) {
        guard nextCode != TypeCode.end else { throw .invalidArgs("a value is missing") }
        step()
    }

    private mutating func basic<Basic: BitwiseCopyable>(_ type: UInt8, _ zero: Basic) throws(BusError) -> Basic {
        try expect(type)
        var value = zero
        dbus_message_iter_get_basic(&iterator, &value)
        step()
        return value
    }

    private mutating func text(_ type: UInt8) throws(BusError) -> String {
        try expect(type)
        var start: UnsafePointer<CChar>?
        dbus_message_iter_get_basic(&iterator, &start)
        // The pointer is valid as long as the message; libdbus never gives null here.
        let text = start.map { String(cString: $0) } ?? ""
        step()
        return text
    }

    /// Goes on to the next value.
    mutating func step() {
        dbus_message_iter_next(&iterator)
        taken += 1
    }

    mutating func expect(_ type: UInt8) throws(BusError) {
        let actual = nextCode
        guard actual == type else {
            throw actual == TypeCode.end
                ? .invalidArgs("a value is missing")
                : .invalidArgs("a value is of type \(Unicode.Scalar(actual)) instead of \(Unicode.Scalar(type))")
        }
    }
}
