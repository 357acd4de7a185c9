// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import SystemBasics

/// An actor that lives on a loop and notes what happens there, for the tests to wait for.
actor Resident<Event: Sendable> {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var events: [Event] = []
    private var waiting: [(count: Int, continuation: CheckedContinuation<[Event], Never>)] = []

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// To be called on the loop, by handlers.
    nonisolated func note(_ event: Event) {
        assumeIsolated { $0.add(event) }
    }

    private func add(_ event: Event) {
        events.append(event)
        waiting.removeAll { waiter in
            guard events.count >= waiter.count else { return false }
            waiter.continuation.resume(returning: events)
            return true
        }
    }

    /// The events so far, once there are that many.
    func events(_ count: Int) async -> [Event] {
        if events.count >= count { return events }
        return await withCheckedContinuation { waiting.append((count, $0)) }
    }

    /// Runs on the loop, where watches and timers may be made.
    func onLoop<Result: Sendable>(_ body: @Sendable (EventLoop) throws -> Result) rethrows -> Result {
        try body(loop)
    }
}

/// A loop on its own thread for the time of one test.
func withLoop<Result>(
    _ body: (EventLoop) async throws -> Result
) async throws -> Result {
    let loop = try EventLoop(name: "test loop")
    try loop.start()
    defer { loop.stop() }
    return try await body(loop)
}

extension EventLoop {
    /// Returns once that time has passed on the loop.
    func pause(for duration: Duration) async {
        await withCheckedContinuation { done in post { self.timer(after: duration) { done.resume() } } }
    }
}

/// A fresh folder, removed with all it holds at the end.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/eonay-loops-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(code: errno, call: "mkdtemp") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
        removeTree(path)
    }
    return try await body(path)
}

func removeTree(_ path: String) {
    if let folder = opendir(path) {
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        closedir(folder)
        for name in names where name != "." && name != ".." { removeTree("\(path)/\(name)") }
    }
    remove(path)
}
