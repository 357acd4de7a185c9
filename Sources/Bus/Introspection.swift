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
            let types = qtTypes(of: method.arguments, "In", I.self) + qtTypes(of: method.results, "Out", I.self)
            append("method", "name=\"\(method.rawValue)\"", lines + types, to: &text)
        }
        for signal in I.Signal.allCases {
            let lines = lines(signal.arguments) + qtTypes(of: signal.arguments, "Out", I.self)
            append("signal", "name=\"\(signal.rawValue)\"", lines, to: &text)
        }
        for property in I.Property.allCases {
            let constant = annotation("org.freedesktop.DBus.Property.EmitsChangedSignal", "const")
            let type = I.qtTypes[property.type.text].map { annotation(qtTypeName, $0) } ?? ""
            append(
                "property", "name=\"\(property.rawValue)\" type=\"\(property.type)\" access=\"read\"",
                (property.isConstant ? constant : "") + type, to: &text)
        }
        text += "  </interface>\n"
    }

    private static func append(_ kind: String, _ attributes: String, _ contents: String, to text: inout String) {
        text += "    <\(kind) \(attributes)"
        text += contents.isEmpty ? "/>\n" : ">\n\(contents)    </\(kind)>\n"
    }

    private static let qtTypeName = "org.qtproject.QtDBus.QtTypeName"

    private static func qtTypes<I: BusInterface>(of arguments: Arguments, _ side: String, _: I.Type) -> String {
        arguments.list.enumerated().compactMap { index, argument in
            I.qtTypes[argument.type.text].map { annotation("\(qtTypeName).\(side)\(index)", $0) }
        }.joined()
    }

    private static func annotation(_ name: String, _ value: String) -> String {
        // Of the letters of a C++ type, these two mean something in XML.
        let value = value.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return "      <annotation name=\"\(name)\" value=\"\(value)\"/>\n"
    }

    private static func lines(_ arguments: Arguments, _ direction: String = "") -> String {
        arguments.list.map { "      <arg name=\"\($0.name)\" type=\"\($0.type)\"\(direction)/>\n" }.joined()
    }
}
