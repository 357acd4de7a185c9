// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import SystemBasics

/// Tells that a file may have changed: it was written to, replaced, made or taken away, or one of the links that lead to it was.
///
/// Editors write a file in many ways and in several steps; what comes within a moment is told once, after it. A file that is there for
/// no moment is not opened: the folders are watched, which need not exist either.
public final class FileWatch: Sendable {
    /// The quiet time before a change is reported.
    private static let moment: Duration = .milliseconds(150)
    /// Links that lead to links lead nowhere at some point.
    private static let mostLinks = 8

    private let loop: EventLoop
    private let path: String
    private let handler: @Sendable () -> Void
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var folders: FoldersWatch?
    nonisolated(unsafe) private var steps: [String] = []
    nonisolated(unsafe) private var timer: LoopTimer?
    nonisolated(unsafe) private var isCancelled = false

    /// Watches the file at that absolute path; `handler` is called on the loop's thread.
    ///
    /// To be called on the loop's thread, or before the loop runs. Throws what inotify says: `EMFILE`, `ENOSPC`.
    public init(_ path: String, on loop: EventLoop, handler: @escaping @Sendable () -> Void) throws(SystemError) {
        self.loop = loop
        self.path = path
        self.handler = handler
        try attach()
    }

    /// Ends the watch. To be called on the loop's thread.
    public func cancel() {
        isCancelled = true
        timer?.cancel()
        folders?.cancel()
        folders = nil
    }

    /// Watches the folder of the file, and of each link on the way to it.
    private func attach() throws(SystemError) {
        let now = Self.steps(to: path)
        guard now != steps else { return }
        folders?.cancel()
        (folders, steps) = (nil, now)
        let places = now.map(Self.split)
        let names = Set(places.map(\.name))
        folders = try FoldersWatch(places.map(\.folder), on: loop, isOfInterest: names.contains) { [weak self] in
            self?.changed()
        }
    }

    private func changed() {
        guard !isCancelled else { return }
        timer?.cancel()
        timer = loop.timer(after: Self.moment) { [weak self] in
            guard let self, !isCancelled else { return }
            timer = nil
            // A system that has no watch to spare now leaves those that there are, or none: the next start reads all.
            try? attach()
            handler()
        }
    }

    /// The path, then what each link points to.
    private static func steps(to path: String) -> [String] {
        var steps = [path]
        while steps.count <= mostLinks, let target = Files.target(of: steps[steps.count - 1]) {
            let absolute = target.hasPrefix("/") ? target : split(steps[steps.count - 1]).folder + "/" + target
            guard !steps.contains(absolute) else { break }
            steps.append(absolute)
        }
        return steps
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("/", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
