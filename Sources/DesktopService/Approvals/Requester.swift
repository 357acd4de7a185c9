// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The program that asked for an approval.
///
/// A connection to the bus is made anew at will, and so is a process: a line of shell that calls `eonay` again and again is one program to a
/// person. So a requester is known by several marks, and two that share one are the same.
struct Requester: Sendable, Equatable {
    /// "eonay (4711)", as the prompt shows it; "" where nobody knows.
    let name: String
    /// What tells it from others.
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
        let known = process.map { (ProcessName.of($0), $0) }
        name = known.map { $0.0.isEmpty ? "(\($0.1))" : "\($0.0) (\($0.1))" } ?? ""
        // What has ended by now cannot be told from its like.
        let program = process.map { Self.program($0) ?? "a program that has ended" }
        marks = Self.marks(connection, isPage).union([program].compactMap(\.self))
    }

    private static func marks(_ connection: String, _ isPage: Bool) -> Set<String> {
        isPage ? ["connection \(connection)", "a page"] : ["connection \(connection)"]
    }

    /// What runs, what it was told to run first (the script, the subcommand), and who started it. Nil for a process that has ended.
    private static func program(_ process: Int32) -> String? {
        guard let parent = parent(of: process) else { return nil }
        var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
        // A program that hides it is known by what it calls itself.
        let length = readlink("/proc/\(process)/exe", &path, path.count)
        let executable = length > 0 ? String(decoding: path[..<length], as: UTF8.self) : ProcessName.of(process)
        let words = ProcFile.read("/proc/\(process)/cmdline", atMost: 4096).split(
            separator: 0, omittingEmptySubsequences: false)
        let first = words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
        return "program \(parent) \(executable) \(first)"
    }

    private static func parent(of process: Int32) -> Int32? {
        let text = String(decoding: ProcFile.read("/proc/\(process)/stat", atMost: 512), as: UTF8.self)
        // The name before it may hold anything, a parenthesis among it.
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: end)...].split(separator: " ").dropFirst().first.flatMap { Int32($0) }
    }
}
