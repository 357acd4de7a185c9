// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import Glibc

/// Appends the values of a message, held to the signature that was declared for it.
///
/// Nothing is boxed or collected: each call goes straight into libdbus' buffer. A value of another type than the signature says, a
/// text with a NUL, too much data: the first such fault is kept, all later calls do nothing, and the message is not sent; a call
/// is answered with `…DBus.Error.Failed` instead. (libdbus itself would abort the process.)
///
///     reply.array { rows in
///         for certificate in certificates {
///             rows.structure { row in
///                 row.string(certificate.id)
///                 row.int64(certificate.notAfter)
///             }
///         }
///     }
public struct MessageWriter: ~Copyable, @unchecked Sendable {  // unchecked: only lent, so it never leaves its thread
    var iterator: DBusMessageIter
    /// The letter of the signature that the next value must have.
    var cursor: UnsafePointer<CChar>
    /// In an array: where the element's signature begins, since each element starts there again.
    let elementStart: UnsafePointer<CChar>?
    /// The number of bytes that may still be appended.
    var room: Int
    var failure: Failure?

    /// Why a message cannot be sent: always a fault of the program that writes it.
    enum Failure {
        case wrongType, invalidText, tooLarge, tooDeep, outOfMemory

        var error: BusError {
            switch self {
            case .wrongType: .failed("the message does not have the types that were declared for it")
            case .invalidText: .failed("a text of the message holds a NUL")
            case .tooLarge: .limitsExceeded("the message is too large")
            case .tooDeep: .limitsExceeded("the message is nested too deeply")
            case .outOfMemory: .outOfMemory
            }
        }
    }

    /// The most that one message may hold: far above what any of ours needs, far below the bus' 128 MiB.
    static let sizeLimit = 16 << 20

    /// Writes the body of an own message; `signature` must be valid and outlive the writer.
    init(_ message: OpaquePointer, signature: UnsafePointer<CChar>) {
        iterator = DBusMessageIter()
        dbus_message_iter_init_append(message, &iterator)
        cursor = signature
        elementStart = nil
        room = Self.sizeLimit
    }

    /// Writes into a container that is about to be opened.
    init(container signature: UnsafePointer<CChar>, isArray: Bool, room: Int) {
        iterator = DBusMessageIter()
        cursor = signature
        elementStart = isArray ? signature : nil
        self.room = room
    }

    /// About how many octets an own message's body has by now.
    var size: Int { Self.sizeLimit - room }

    /// The first fault; missing values are one, too.
    var fault: BusError? {
        if let failure { return failure.error }
        return cursor.pointee == 0 ? nil : Failure.wrongType.error
    }

    func finish() throws(BusError) {
        if let fault { throw fault }
    }

    // MARK: - Basic types

    public mutating func byte(_ value: UInt8) { append(TypeCode.byte, value) }
    public mutating func bool(_ value: Bool) { append(TypeCode.bool, dbus_bool_t(value ? 1 : 0)) }
    public mutating func int16(_ value: Int16) { append(TypeCode.int16, value) }
    public mutating func uint16(_ value: UInt16) { append(TypeCode.uint16, value) }
    public mutating func int32(_ value: Int32) { append(TypeCode.int32, value) }
    public mutating func uint32(_ value: UInt32) { append(TypeCode.uint32, value) }
    public mutating func int64(_ value: Int64) { append(TypeCode.int64, value) }
    public mutating func uint64(_ value: UInt64) { append(TypeCode.uint64, value) }
    public mutating func double(_ value: Double) { append(TypeCode.double, value) }
    public mutating func string(_ value: String) { append(TypeCode.string, text: value) }
    public mutating func objectPath(_ value: ObjectPath) { append(TypeCode.objectPath, text: value.text) }
    public mutating func signature(_ value: Signature) { append(TypeCode.signature, text: value.text) }

    /// The receiver gets a duplicate; the handle stays the caller's.
    public mutating func descriptor(_ value: FileDescriptorHandle) { append(TypeCode.descriptor, value.rawValue) }

    @inline(__always)
    private mutating func append<Basic: BitwiseCopyable>(_ type: UInt8, _ value: Basic) {
        guard expect(type, size: 8) else { return }
        guard withUnsafePointer(to: value, { dbus_message_iter_append_basic(&iterator, Int32(type), $0) }) != 0 else {
            return fail(.outOfMemory)
        }
        step(over: 1)
    }

    private mutating func append(_ type: UInt8, text: String) {
        let size = text.utf8.count
        guard expect(type, size: size + 8) else { return }
        let failure = text.withCString { start -> Failure? in
            guard strlen(start) == size else { return .invalidText }
            let result = withUnsafePointer(to: start) { dbus_message_iter_append_basic(&iterator, Int32(type), $0) }
            return result != 0 ? nil : .outOfMemory
        }
        if let failure { return fail(failure) }
        step(over: 1)
    }

    // MARK: - Keeping to the signature

    /// Whether a value of that type comes next and there is room for it.
    @inline(__always)
    mutating func expect(_ type: UInt8, size: Int) -> Bool {
        guard failure == nil else { return false }
        guard UInt8(bitPattern: cursor.pointee) == type else {
            fail(.wrongType)
            return false
        }
        room -= size
        guard room >= 0 else {
            fail(.tooLarge)
            return false
        }
        return true
    }

    /// Goes on to the next complete type; in an array, back to the element's.
    @inline(__always)
    mutating func step(over length: Int) {
        cursor = elementStart ?? cursor + length
    }

    mutating func fail(_ reason: Failure) {
        if failure == nil { failure = reason }
    }
}
