// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One of p11-kit's files: "name: value" lines, "#" comments, blanks at the ends of no meaning (pkcs11.conf(5)).
struct ModuleConfiguration: Equatable {
    private var values: [String: String] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            guard line.first != "#", let colon = line.firstIndex(of: ":") else { continue }
            values[String(Self.trimmed(line[..<colon]))] = String(Self.trimmed(line[line.index(after: colon)...]))
        }
    }

    subscript(name: String) -> String? { values[name] }

    /// The library, or nil where the file names none (a remote module, or one that a user has switched off).
    var module: String? { values["module"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Higher comes first; 0 where the file says nothing.
    var priority: Int { values["priority"].flatMap { Int($0) } ?? 0 }

    /// Whether a program of that name is to load the module.
    func isEnabled(in program: String) -> Bool {
        if let list = values["enable-in"] { return Self.names(list).contains(program) }
        if let list = values["disable-in"] { return !Self.names(list).contains(program) }
        return true
    }

    /// A setting that this file leaves out is taken from another of the same name: a user's file alters the system's.
    func completed(by other: Self) -> Self {
        var both = self
        both.values.merge(other.values) { own, _ in own }
        return both
    }

    private static func names(_ list: String) -> [String] {
        list.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
