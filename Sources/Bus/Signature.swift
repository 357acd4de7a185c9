// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

/// A valid D-Bus signature: any number of complete types, for example `ssa{sv}`.
public struct Signature: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let text: String

    /// Throws `InvalidArgs` if the text is no signature.
    public init(_ text: String) throws(BusError) {
        guard !text.utf8.contains(0), dbus_signature_validate(text, nil) != 0 else {
            throw .invalidArgs("not a signature: \(text.prefix(40))")
        }
        self.text = text
    }

    /// A literal in the program; one that is no signature ends the program.
    public init(stringLiteral text: StaticString) {
        self.text = text.description
        precondition(dbus_signature_validate(self.text, nil) != 0, "not a signature: \(text)")
    }

    /// One that libdbus has checked or that was composed of checked ones.
    init(checked text: String) {
        self.text = text
    }

    public var description: String { text }
}

/// The letters of D-Bus signatures. libdbus' own names are macros with casts, which Swift does not see.
enum TypeCode {
    static let byte = UInt8(ascii: "y")
    static let bool = UInt8(ascii: "b")
    static let int16 = UInt8(ascii: "n")
    static let uint16 = UInt8(ascii: "q")
    static let int32 = UInt8(ascii: "i")
    static let uint32 = UInt8(ascii: "u")
    static let int64 = UInt8(ascii: "x")
    static let uint64 = UInt8(ascii: "t")
    static let double = UInt8(ascii: "d")
    static let string = UInt8(ascii: "s")
    static let objectPath = UInt8(ascii: "o")
    static let signature = UInt8(ascii: "g")
    static let descriptor = UInt8(ascii: "h")
    static let array = UInt8(ascii: "a")
    static let variant = UInt8(ascii: "v")
    /// In signatures; as a container, libdbus calls it `structure`.
    static let openStructure = UInt8(ascii: "(")
    static let openDictionaryEntry = UInt8(ascii: "{")
    /// The container codes, which appear in no signature.
    static let structure = UInt8(ascii: "r")
    static let dictionaryEntry = UInt8(ascii: "e")
    static let end: UInt8 = 0

    /// The number of letters of the complete type that a valid signature begins with.
    static func length(of signature: UnsafePointer<CChar>) -> Int {
        var length = 0
        while UInt8(bitPattern: signature[length]) == array { length += 1 }
        var depth = 0
        repeat {
            switch UInt8(bitPattern: signature[length]) {
            case openStructure, openDictionaryEntry: depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "}"): depth -= 1
            case end: return length
            default: break
            }
            length += 1
        } while depth > 0
        return length
    }
}
