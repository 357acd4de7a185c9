// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A ``BusInterface`` made ready for looking up: names and signatures as C texts in flat arrays, once for all objects that have it.
///
/// An interface has a dozen members; comparing them one by one is faster than hashing.
final class InterfaceTable {
    let type: any BusInterface.Type
    let name: CString
    let methods: [MethodEntry]
    let properties: [PropertyEntry]

    /// A class, so that finding one for a call costs one reference count and not four.
    final class MethodEntry {
        let index: Int
        let name: CString
        let arguments: CString
        let results: CString

        init(_ index: Int, _ method: some BusMethod) {
            self.index = index
            name = CString(method.rawValue)
            arguments = CString(method.arguments.signature.text)
            results = CString(method.results.signature.text)
        }
    }

    struct PropertyEntry {
        let index: Int
        let name: CString
        let type: CString
    }

    init<I: BusInterface>(_ interface: I.Type) {
        type = interface
        name = CString(I.name)
        methods = I.Method.allCases.enumerated().map { MethodEntry($0.offset, $0.element) }
        properties = I.Property.allCases.enumerated().map {
            PropertyEntry(index: $0.offset, name: CString($0.element.rawValue), type: CString($0.element.type.text))
        }
    }

    func method(_ name: UnsafePointer<CChar>) -> MethodEntry? {
        methods.first { $0.name.equals(name) }
    }

    func property(_ name: String) -> PropertyEntry? {
        properties.first { $0.name.text == name }
    }
}

/// One interface of an exported object: what it looks like, and what answers for it.
final class ExportedInterface {
    let table: InterfaceTable
    let handler: Interface.MethodHandler
    private let getter: Interface.PropertyGetter

    init(_ table: InterfaceTable, _ interface: Interface) {
        (self.table, handler, getter) = (table, interface.handler, interface.getter)
    }

    /// Appends `a{sv}`: all properties' values.
    func appendProperties(to writer: inout MessageWriter) {
        append(table.properties, to: &writer)
    }

    /// Appends `a{sv}`: the names and values of these properties.
    func append(_ properties: [InterfaceTable.PropertyEntry], to writer: inout MessageWriter) {
        writer.array { appendEntries(properties, to: &$0) }
    }

    /// Appends a `{sv}` for each property.
    func appendEntries(_ properties: [InterfaceTable.PropertyEntry], to entries: inout MessageWriter) {
        for property in properties {
            entries.dictionaryEntry { entry in
                entry.string(property.name.text)
                appendVariant(of: property, to: &entry)
            }
        }
    }

    func appendVariant(of property: InterfaceTable.PropertyEntry, to writer: inout MessageWriter) {
        writer.variant(cString: property.type.start) { getter(property.index, &$0) }
    }
}

/// A text of the program as C keeps it, to be compared with the texts of messages without making Strings of them.
final class CString: @unchecked Sendable {  // unchecked: written once, before anyone else sees it
    let start: UnsafePointer<CChar>
    let text: String

    init(_ text: String) {
        self.text = text
        // strdup fails only without memory, where nothing can go on.
        start = UnsafePointer(strdup(text)!)
    }

    deinit {
        free(UnsafeMutablePointer(mutating: start))
    }

    func equals(_ other: UnsafePointer<CChar>) -> Bool {
        strcmp(start, other) == 0
    }
}
