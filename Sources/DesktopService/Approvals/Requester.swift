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

/// The programs that wait before a person is asked for them again: one whose prompt was closed waits 1, 2, 4 … 60 seconds.
struct PromptDeferral {
    private struct Wait {
        var closed = 0
        var end: ContinuousClock.Instant
    }

    private static let longest: Duration = .seconds(60)
    /// After so much quiet a program begins anew.
    private static let memory: Duration = .seconds(600)
    /// The most marks that are kept; the one whose wait ended first goes.
    static let most = 256

    private var waits: [String: Wait] = [:]

    var isEmpty: Bool { waits.isEmpty }

    /// A person closed this requester's prompt.
    mutating func promptClosed(of requester: Requester, at now: ContinuousClock.Instant) {
        waits = waits.filter { $0.value.end + Self.memory > now }
        let times = 1 + (requester.marks.compactMap { waits[$0]?.closed }.max() ?? 0)
        let wait = times > 6 ? Self.longest : min(.seconds(1 << (times - 1)), Self.longest)
        for mark in requester.marks {
            if waits.count >= Self.most, waits[mark] == nil, let oldest = waits.min(by: { $0.value.end < $1.value.end })
            {
                waits[oldest.key] = nil
            }
            waits[mark] = Wait(closed: times, end: now + wait)
        }
    }

    /// A person has entered a PIN for this requester.
    mutating func pinTaken(for requester: Requester) {
        for mark in requester.marks { waits[mark] = nil }
    }

    /// How long the requester still has to wait, in whole seconds; nil where it need not.
    func secondsLeft(for requester: Requester, at now: ContinuousClock.Instant) -> Int64? {
        guard let end = requester.marks.compactMap({ waits[$0]?.end }).max(), end > now else { return nil }
        let left = now.duration(to: end)
        return left.components.seconds + (left.components.attoseconds > 0 ? 1 : 0)
    }
}
