// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Writes interface descriptions in the XML format of the D-Bus specification.
public enum Introspection {
    /// The document for one node: its interfaces and the names of its children.
    public static func document(_ interfaces: [InterfaceDescription], children: [String] = []) -> String {
        var text = """
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            <node>

            """
        for interface in interfaces { append(interface, to: &text) }
        for child in children { text += "  <node name=\"\(child)\"/>\n" }
        return text + "</node>\n"
    }

    // Names and signatures need no escaping: none of their letters means anything in XML.
    private static func append(_ interface: InterfaceDescription, to text: inout String) {
        text += "  <interface name=\"\(interface.name)\">\n"
        for method in interface.methods {
            let arguments =
                method.arguments.map { line($0, direction: "in") } + method.results.map { line($0, direction: "out") }
            append("method", method.name, arguments, to: &text)
        }
        for signal in interface.signals {
            append("signal", signal.name, signal.arguments.map { line($0, direction: nil) }, to: &text)
        }
        for property in interface.properties {
            text += "    <property name=\"\(property.name)\" type=\"\(property.type)\" access=\"read\"/>\n"
        }
        text += "  </interface>\n"
    }

    private static func append(_ kind: String, _ name: String, _ arguments: [String], to text: inout String) {
        guard !arguments.isEmpty else {
            text += "    <\(kind) name=\"\(name)\"/>\n"
            return
        }
        text += "    <\(kind) name=\"\(name)\">\n\(arguments.joined())    </\(kind)>\n"
    }

    private static func line(_ argument: InterfaceDescription.Argument, direction: String?) -> String {
        let direction = direction.map { " direction=\"\($0)\"" } ?? ""
        return "      <arg name=\"\(argument.name)\" type=\"\(argument.type)\"\(direction)/>\n"
    }
}
