// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// The program that asked for an approval.
///
/// A connection to the bus is made anew at will, and so is a process: a line of shell that calls `eonay` again and again is one program to a
/// person. So a requester is known by several marks, and two that share one are the same.
struct Requester: Sendable, Equatable {
    /// "eonay (4711)", as the prompt shows it; "" where nobody knows.
    let name: String
    /// The facts that distinguish it from others.
    let marks: Set<String>

    /// One of whom no more is known than its connection.
    ///
    /// - Parameter isPage: A web page began it. Each of its links starts programs of their own, and all pages are one requester.
    init(connection: String, isPage: Bool = false) {
        name = ""
        marks = Self.marks(connection, isPage)
    }

    /// - Parameter process: nil where the bus does not know it.
    init(connection: String, process: Int32?, isPage: Bool = false) {
        let known = process.map { (RunningProcess(id: $0).name, $0) }
        name = known.map { $0.0.isEmpty ? "(\($0.1))" : "\($0.0) (\($0.1))" } ?? ""
        // A program that has ended by now cannot be distinguished from its like.
        let program = process.map { Self.program($0) ?? "a program that has ended" }
        marks = Self.marks(connection, isPage).union([program].compactMap(\.self))
    }

    private static func marks(_ connection: String, _ isPage: Bool) -> Set<String> {
        isPage ? ["connection \(connection)", "a page"] : ["connection \(connection)"]
    }

    /// The program that runs, its first argument (the script, the subcommand), and the process that started it. Nil for a process that has ended.
    private static func program(_ process: Int32) -> String? {
        let process = RunningProcess(id: process)
        guard let parent = process.parent else { return nil }
        // A program that hides its path is known by its name.
        return "program \(parent) \(process.executable ?? process.name) \(process.arguments.dropFirst().first ?? "")"
    }
}
