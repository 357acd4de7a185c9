// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import EventLoops
import Synchronization
public import SystemBasics

/// Where the configuration comes from, and comes anew.
public protocol ConfigurationSource: Sendable {
    /// The configuration in force, and its mistakes.
    func read() -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue])

    /// Has `handler` called on the loop's thread when it may have changed. On the loop's thread.
    func watch(on loop: EventLoop, _ handler: @escaping @Sendable () -> Void) throws(SystemError)

    /// No call of the handler any more. On the loop's thread.
    func stop()
}

/// The configuration's files.
public final class ConfigurationFiles: ConfigurationSource {
    private let paths: [String]
    private let watches = Mutex<[FileWatch]>([])

    /// - Parameter paths: the strongest first; a file that is not there says nothing.
    public init(_ paths: [String]) { self.paths = paths }

    public func read() -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue]) {
        let (files, unread) = DesktopConfiguration.files(at: paths)
        let (configuration, issues) = DesktopConfiguration.read(files)
        return (configuration, unread + issues)
    }

    public func watch(on loop: EventLoop, _ handler: @escaping @Sendable () -> Void) throws(SystemError) {
        for path in paths {
            let watch = try FileWatch(path, on: loop, handler: handler)
            watches.withLock { $0.append(watch) }
        }
    }

    public func stop() {
        let ended = watches.withLock { watches in
            defer { watches = [] }
            return watches
        }
        for watch in ended { watch.cancel() }
    }
}
