// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import SystemBasics

/// The folders in which PKCS#11 modules lie. Drivers come and go: a card that no module knew is read as soon as the one that does is there.
final class ModuleFolders {
    private let loop: EventLoop
    private let scheduler: any Scheduler
    private let log: Log
    /// Something changed, and at last an installation has come to rest.
    private let changed: (_ isAtRest: Bool) -> Void

    private var folders: [String] = []
    private var watch: FoldersWatch?
    private var timer: (any Cancellable)?
    private var delay = ModuleDelay()

    init(on loop: EventLoop, scheduler: any Scheduler, log: Log, changed: @escaping (_ isAtRest: Bool) -> Void) {
        (self.loop, self.scheduler, self.log, self.changed) = (loop, scheduler, log, changed)
    }

    /// Watches these from now on, and no others.
    func watch(_ folders: [String]) {
        guard folders != self.folders else { return }
        self.folders = folders
        watch?.cancel()
        watch = nil
        let me = LoopBound(self, on: loop)
        do {
            watch = try FoldersWatch(folders, on: loop, isOfInterest: Self.mayBeDriver) { me.value.driversChanged() }
        } catch {
            // The list is made anew for each card that no module knows, anyway.
            log.notice("drivers that are installed are not seen at once: \(error), continuing")
        }
    }

    func stop() {
        timer?.cancel()
        watch?.cancel()
        (timer, watch) = (nil, nil)
    }

    /// A library that is a module or that one needs ("libssl.so.1.1"), p11-kit's files, the loader's cache. Nothing else: a module that writes
    /// into its own folder when it is loaded would have itself loaded for ever.
    static func mayBeDriver(_ name: String) -> Bool {
        if name.hasSuffix(".module") || name == "pkcs11.conf" || name == "ld.so.cache" { return true }
        let steps = name.split(separator: ".", omittingEmptySubsequences: false)
        let version = steps.reversed().prefix { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        return steps.dropLast(version.count).last == "so"
    }

    /// An installation writes many files: what it has changed is looked at after a moment, and while it goes on less and less often.
    private func driversChanged() {
        changed(false)
        guard timer == nil, watch != nil else { return }
        timer = scheduler.timer(after: delay.next(at: scheduler.now)) { [self] in
            timer = nil
            changed(true)
        }
    }
}

/// How long to wait after a change before the cards are read: 0.3 s, and 0.6, 1.2 … 10 s while one change follows the other.
struct ModuleDelay: Equatable {
    private var milliseconds: Int64 = 300
    private var last: ContinuousClock.Instant?

    private static let longest: Int64 = 10_000

    mutating func next(at now: ContinuousClock.Instant) -> Duration {
        if let last, now - last < .milliseconds(milliseconds * 4) {
            milliseconds = min(Self.longest, milliseconds * 2)
        } else {
            milliseconds = 300
        }
        last = now
        return .milliseconds(milliseconds)
    }
}
