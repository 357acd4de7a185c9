// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An ``Interface`` made ready for looking up: names and signatures as C texts in flat arrays.
///
/// An interface has a dozen members; comparing them one by one is faster than hashing.
final class InterfaceTable {
    let description: InterfaceDescription
    let name: CString
    let methods: [MethodEntry]
    let properties: [PropertyEntry]

    /// A class, so that finding one for a call costs one reference count and not five.
    final class MethodEntry {
        let name: CString
        let arguments: CString
        let results: CString
        let handler: MethodHandler

        init(name: CString, arguments: CString, results: CString, handler: @escaping MethodHandler) {
            self.name = name
            self.arguments = arguments
            self.results = results
            self.handler = handler
        }
    }

    struct PropertyEntry {
        let name: CString
        let type: CString
        let getter: PropertyGetter
    }

    /// Every member of the description must have been given its handler: a missing one ends the program.
    init(_ interface: Interface) {
        let description = interface.description
        self.description = description
        name = CString(description.name)
        methods = description.methods.map { method in
            guard let handler = interface.methods[method.name] else {
                preconditionFailure("\(description.name).\(method.name) has no handler")
            }
            return MethodEntry(
                name: CString(method.name), arguments: CString(method.arguments.signature.text),
                results: CString(method.results.signature.text), handler: handler)
        }
        properties = description.properties.map { property in
            guard let getter = interface.properties[property.name] else {
                preconditionFailure("\(description.name).\(property.name) has no getter")
            }
            return PropertyEntry(name: CString(property.name), type: CString(property.type.text), getter: getter)
        }
    }

    func method(_ name: UnsafePointer<CChar>) -> MethodEntry? {
        methods.first { $0.name.equals(name) }
    }

    func property(_ name: String) -> PropertyEntry? {
        properties.first { $0.name.text == name }
    }
}
