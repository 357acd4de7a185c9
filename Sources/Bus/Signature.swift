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

    /// The complete types one by one.
    public var types: [Signature] {
        var types: [Signature] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            let length = rest.withContiguousBytes { TypeCode.length(of: $0) }
            types.append(Signature(checked: String(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        return types
    }
}

extension Substring {
    /// The bytes up to a NUL, for as long as `body` runs.
    fileprivate func withContiguousBytes<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        String(self).withCString(body)
    }
}
