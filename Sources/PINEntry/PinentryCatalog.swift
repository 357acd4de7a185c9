// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

/// Finds a pinentry that works here.
public enum PinentryCatalog {
    /// Debian's variants; "pinentry" is what the administrator or the desktop chose, so it comes first.
    static let variants = [
        "pinentry", "pinentry-gnome3", "pinentry-qt", "pinentry-gtk-2", "pinentry-curses",
        "pinentry-tty",
    ]

    /// Starts the configured program, or the first that has somewhere to show itself.
    ///
    /// - Parameter configured: a path, or a name to be looked for in PATH; nothing else is tried where it is given.
    /// - Parameter patience: milliseconds that each has for its first answers.
    ///
    /// Throws `unavailable` with the first one's reason.
    public static func start(
        configured: String?, surroundings: PromptSurroundings, patience: Int64 = 5000
    ) throws(PromptError) -> Pinentry {
        var failure: PromptError?
        for program in programs(configured: configured) {
            let waiter = try Waiter(milliseconds: patience)
            do throws(PromptError) {
                return try Pinentry(program: program, surroundings: surroundings, until: waiter)
            } catch {
                guard case .unavailable = error else { throw error }
                failure = failure ?? error
            }
        }
        throw failure ?? .unavailable("no pinentry is installed")
    }

    /// The paths to try, each program once.
    static func programs(configured: String?, path: String? = nil) -> [String] {
        let names = configured.map { [$0] } ?? variants
        var seen: Set<String> = []
        return names.compactMap { Files.program($0, path: path) }
            // "pinentry" is a link to one of the others.
            .filter { seen.insert(Files.realPath(of: $0) ?? $0).inserted }
    }
}
