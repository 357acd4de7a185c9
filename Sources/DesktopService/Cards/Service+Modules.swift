// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops

/// Drivers come and go: a card that no module knew is read as soon as the one that does is there.
extension Service {
    /// To be called once, before the modules are looked for: the job says where they lie.
    func watchModules() {
        reading.foldersFound = { [weak self] folders in self?.assumeIsolated { $0.watch(folders) } }
    }

    func stopWatchingModules() {
        moduleTimer?.cancel()
        moduleWatch?.cancel()
        moduleWatch = nil
    }

    private func watch(_ folders: [String]) {
        guard folders != moduleFolders, !isEnding else { return }
        moduleFolders = folders
        moduleWatch?.cancel()
        moduleWatch = nil
        do {
            moduleWatch = try FoldersWatch(folders, on: loop, isOfInterest: Self.mayBeDriver) { [weak self] in
                self?.assumeIsolated { $0.driversChanged() }
            }
        } catch {
            // The list is made anew for each card that no module knows, anyway.
            parts.log.notice("drivers that are installed are not seen at once: \(error), continuing")
        }
    }

    /// A library that is a module or that one needs ("libssl.so.1.1"), p11-kit's files, the loader's cache. Nothing else: a module that writes
    /// into its own folder when it is loaded would have itself loaded for ever.
    private static func mayBeDriver(_ name: String) -> Bool {
        if name.hasSuffix(".module") || name == "pkcs11.conf" || name == "ld.so.cache" { return true }
        let steps = name.split(separator: ".", omittingEmptySubsequences: false)
        let version = steps.reversed().prefix { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        return steps.dropLast(version.count).last == "so"
    }

    /// An installation writes many files: what it has changed is looked at after a moment, and while it goes on less and less often.
    private func driversChanged() {
        reading.forgetModules()
        guard moduleTimer == nil, !isEnding else { return }
        moduleTimer = loop.timer(after: moduleDelay.next(at: ContinuousClock.now)) { [weak self] in
            self?.assumeIsolated { service in
                service.moduleTimer = nil
                service.readUnknownCards()
            }
        }
    }

    func readUnknownCards() {
        guard !isEnding else { return }
        // A card that does not answer has no driver.
        for token in tokens.values where token.certificates.isEmpty && !token.atr.isEmpty { read(token) }
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
