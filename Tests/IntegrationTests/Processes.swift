// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench

/// A program and its descendants, as /proc shows them.
enum Processes {
    /// The children of a process: their names and numbers.
    static func children(of parent: Int32) -> [(name: String, pid: Int32)] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
        return tasks.flatMap { text("/proc/\(parent)/task/\($0)/children").split(separator: " ") }.compactMap { word in
            Int32(word).map { (text("/proc/\($0)/comm").trimmingCharacters(in: .newlines), $0) }
        }
    }

    /// The children that must end with the work that they were started for. The job that shows notifications lives as long as one stands.
    static func workers(of parent: Int32) -> [(name: String, pid: Int32)] {
        children(of: parent).filter { $0.name != "eonay-notify" }
    }

    /// Kills a child by its name, as a crash would; the first one.
    static func killChild(_ name: String, of parent: Int32) throws {
        guard let child = children(of: parent).first(where: { $0.name == name }) else {
            throw Missing(description: "\(name) is no child of \(parent)")
        }
        kill(child.pid, SIGKILL)
    }

    /// Returns when a process has ended; who it was does not matter, nor whether somebody has reaped it.
    static func ended(_ process: Int32) async throws {
        let script = """
            import os, select, sys
            try:
                select.select([os.pidfd_open(int(sys.argv[1]))], [], [], 20)[0] or sys.exit("it still runs")
            except ProcessLookupError:
                pass
            """
        try await run(Programs.find("python3", package: "python3"), ["-c", script, String(process)]).check()
    }

    struct Missing: Error, CustomStringConvertible { let description: String }

    /// Everything that other programs can see of a process: arguments, environment, name.
    static func visible(of process: Int32) -> String {
        ["cmdline", "environ", "comm"].map { text("/proc/\(process)/\($0)") }.joined(separator: "\n")
    }

    /// A limit's present value, by its name in /proc/…/limits.
    static func limit(_ name: String, of process: Int32) -> String? {
        let line = text("/proc/\(process)/limits").split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(separator: " ").first.map(String.init)
    }

    static func descriptors(of process: Int32) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []).count
    }

    static func threads(of process: Int32) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []).count
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
