// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Confinement
import DesktopService
import EOnayCore
import EventLoops
import Glibc
import Store

/// The program's life: begin, own the name, end.
actor Daemon {
    /// How the program ended, for systemd and for people.
    private enum Exit {
        static let good: Int32 = 0
        static let failed: Int32 = 1
        static let usage: Int32 = 2
        /// Another instance has the name. Nothing is wrong, so systemd need not try again.
        static let alreadyRunning: Int32 = 3
        /// Another instance, on another bus, keeps the record in the same folder. Trying again would not help either.
        static let recordInUse: Int32 = 4
    }

    private nonisolated let wiring: Wiring
    nonisolated var unownedExecutor: UnownedSerialExecutor { wiring.loop.asUnownedSerialExecutor() }
    private var status = Exit.good
    private var isEnding = false

    private init(_ wiring: Wiring) {
        self.wiring = wiring
    }

    /// Runs the service on the calling thread until it is told to end; the exit status.
    static func run(_ arguments: [String]) -> Int32 {
        switch arguments.dropFirst() {
        case []: break
        case ["--verbose"]: break
        case ["--activate"]: return Activation.run()
        case let words where words.count == 2 && words.first == "--action": return Activation.run(words.last)
        case ["--version"]:
            say("eonayd \(Release.version)\n", to: 1)
            return Exit.good
        case ["--help"]:
            say(
                "usage: eonayd [--verbose | --activate | --action NAME | --version | --help]\nThe service of E-Onay; see eonayd(8).\n",
                to: 1)
            return Exit.good
        default:
            say("usage: eonayd [--verbose | --activate | --action NAME | --version | --help]\n", to: 2)
            return Exit.usage
        }
        // A limit on the size of files is told as a full disk, not by a signal that ends the process.
        signal(SIGXFSZ, SIG_IGN)
        do {
            let daemon = Daemon(try Wiring(isVerbose: arguments.contains("--verbose")))
            return daemon.runLoop()
        } catch {
            say("eonayd: \(error)\n", to: 2)
            return Exit.failed
        }
    }

    private nonisolated func runLoop() -> Int32 {
        wiring.loop.post { self.assumeIsolated { $0.begin() } }
        wiring.loop.run()
        return assumeIsolated { $0.status }
    }

    private func begin() {
        wiring.onSignal { [weak self] signal in self?.assumeIsolated { $0.end(because: signal) } }
        Task(executorPreference: wiring.loop.tasks) {
            await self.live()
            self.wiring.loop.stop()
        }
    }

    private func live() async {
        let (bus, log) = (wiring.bus, wiring.log)
        do {
            try await bus.open(.session)
            // Before the store is read: another instance's unfinished approvals are not ours to end.
            if let running = try? await bus.credentials(of: Contract.busName) {
                return await leave(to: running.process)
            }
            try await wiring.service.start(besideAnother: Self.isActivated)
            guard !isEnding else { return await wiring.close() }
            if case .heldBy(_, let process) = try await bus.requestName(Contract.busName) {
                return await leave(to: process)
            }
            try await wiring.service.begin()
            log.info("eonayd \(Release.version) is ready")
            for gap in ConfinementSupport.gaps { log.warning("\(gap), continuing") }
        } catch let error as StoreError where error.code == .inUse {
            log.error("the record is in use: \(error.detail)")
            status = Exit.recordInUse
            return await wiring.close()
        } catch {
            guard !isEnding else { return await wiring.close() }
            log.error("could not start: \(error)")
            status = Exit.failed
            return await wiring.close()
        }
        for await event in bus.events {
            if !isEnding {
                log.error("the bus is gone: \(event)")
                status = Exit.failed
            }
            break
        }
        await wiring.close()
    }

    /// A bus or systemd has started this process, for somebody who waits for answers.
    private static var isActivated: Bool {
        // The second is inherited by whatever a unit starts in its turn; hence the number.
        getenv("DBUS_STARTER_ADDRESS") != nil
            || getenv("SYSTEMD_EXEC_PID").map { String(cString: $0) } == String(getpid())
    }

    /// Another instance has the name.
    private func leave(to process: Int32?) async {
        let holder = process.map { "process \($0)" } ?? "a process that is gone by now"
        wiring.log.error("\(Contract.busName) is held by \(holder); it runs already")
        status = Exit.alreadyRunning
        await wiring.close()
    }

    private func end(because signal: Int32) {
        wiring.log.info("ending, signal \(signal)")
        isEnding = true
        Task(executorPreference: wiring.loop.tasks) {
            // First the service, which still has something to say on the bus.
            await self.wiring.service.stop()
            await self.wiring.bus.close()
        }
    }

    private static func say(_ text: String, to descriptor: Int32) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(descriptor, $0.baseAddress, $0.count) }
    }
}
