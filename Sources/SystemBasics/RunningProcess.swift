// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A process as /proc shows it. A process that has ended, or may not be looked at, has empty properties.
public struct RunningProcess: Sendable, CustomStringConvertible {
    public let id: Int32

    public init(id: Int32) { self.id = id }

    /// All processes, by their number.
    public static func all() -> [RunningProcess] {
        Files.names(in: "/proc").compactMap { Int32($0) }.sorted().map { RunningProcess(id: $0) }
    }

    /// The program's name and the number, such as "DYS (4711)"; never the arguments.
    public var description: String { "\(name.isEmpty ? "?" : name) (\(id))" }

    /// The name that the kernel shows, 15 bytes at most. A program can set it to anything, so only showable characters are left.
    public var name: String { ShowableText.stripped(content("comm", atMost: 64)) }

    /// The number of the parent; nil where the process has ended.
    public var parent: Int32? {
        // The name, in brackets, may hold anything; the state and the parent follow the last bracket.
        content("stat", atMost: 1024).split(separator: ")").last?.split(separator: " ").dropFirst().first
            .flatMap { Int32($0) }
    }

    /// The path of its program; nil where the process has ended or hides it.
    public var executable: String? { Files.target(of: "/proc/\(id)/exe") }

    /// The words it was started with, as far as they have room in 4096 bytes.
    public var arguments: [String] {
        (Files.beginning(of: "/proc/\(id)/cmdline", atMost: 4096) ?? [])
            .split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether one of these links ("socket:[1234]") is among its descriptors.
    public func holdsAny(of links: Set<String>) -> Bool {
        let folder = "/proc/\(id)/fd"
        return Files.names(in: folder).contains { Files.target(of: "\(folder)/\($0)").map(links.contains) == true }
    }

    private func content(_ name: String, atMost limit: Int) -> String {
        String(decoding: Files.beginning(of: "/proc/\(id)/\(name)", atMost: limit) ?? [], as: UTF8.self)
    }
}
