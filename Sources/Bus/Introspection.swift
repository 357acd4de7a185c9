// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Writes interfaces in the XML format of the D-Bus specification.
public enum Introspection {
    /// The document for one node: its interfaces and the names of its children.
    public static func document(_ interfaces: [any BusInterface.Type], children: [String] = []) -> String {
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
    private static func append<I: BusInterface>(_ interface: I.Type, to text: inout String) {
        text += "  <interface name=\"\(I.name)\">\n"
        for method in I.Method.allCases {
            let lines = lines(method.arguments, " direction=\"in\"") + lines(method.results, " direction=\"out\"")
            append("method", method.rawValue, lines, to: &text)
        }
        for signal in I.Signal.allCases { append("signal", signal.rawValue, lines(signal.arguments), to: &text) }
        for property in I.Property.allCases {
            text += "    <property name=\"\(property.rawValue)\" type=\"\(property.type)\" access=\"read\"/>\n"
        }
        text += "  </interface>\n"
    }

    private static func append(_ kind: String, _ name: String, _ arguments: String, to text: inout String) {
        text += "    <\(kind) name=\"\(name)\""
        text += arguments.isEmpty ? "/>\n" : ">\n\(arguments)    </\(kind)>\n"
    }

    private static func lines(_ arguments: Arguments, _ direction: String = "") -> String {
        arguments.list.map { "      <arg name=\"\($0.name)\" type=\"\($0.type)\"\(direction)/>\n" }.joined()
    }
}
