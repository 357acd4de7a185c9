// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import DesktopService
import EOnayCore
import EventLoops
import Glibc
import Jobs
import Notifications
import Store
import SystemBasics
import Texts

/// Puts the live parts together; nowhere else are they made.
final class Wiring: Sendable {
    let loop: EventLoop
    let bus: Connection
    let service: Service
    let log: Log
    private let storeThread: BlockingThread
    private let jobs: JobRunner
    private let notifier: Notifier
    private let signals: UnixSignals
    private let signalHandler: SignalHandler

    /// As many jobs as approvals may run, twice (token and courier), some to read cards, two commands of events, and the one that shows
    /// notifications.
    private static let mostJobs = 43

    /// Enough for what is read at once (three messages with 16), for a copy of what is taken out of one, and for what libraries do
    /// not do without.
    private static let spareDescriptors = 56

    /// As many descriptors as a service needs whose callers hand descriptors to it.
    private static let mostDescriptors: UInt = 4096

    /// Makes the parts; nothing runs yet. To be called on the main thread before any other thread exists (the signals).
    init(isVerbose: Bool) throws {
        OpenFileLimit.raise(to: Self.mostDescriptors)
        OpenFileLimit.makeRoom()
        let log = Log(least: isVerbose ? .debug : .info)
        let source = ConfigurationFiles(ServicePaths.configuration)
        let (configuration, issues) = source.read()
        for issue in issues { log.warning("\(issue)") }
        let texts = Texts(configuration)
        texts.zone.adopt()
        if !configuration.remembers, let old = ServicePaths.stateFolder, Files.exists("\(old)/eonay.db") {
            log.notice("nothing is remembered, but \(old) holds the record of earlier sessions, continuing")
        }
        let loop = try EventLoop(name: "eonayd")
        let handler = SignalHandler()
        signals = try UnixSignals([SIGTERM, SIGINT, SIGHUP], on: loop) { handler.call($0) }
        signalHandler = handler
        // The longest part of a start begins first, on a thread of its own.
        storeThread = try BlockingThread(name: "store")
        let folder = ServicePaths.record(isRemembered: configuration.remembers)
        let store = Store(folder: folder ?? "", thread: storeThread)
        store.openEarly()
        let bus = Connection(on: loop, spareDescriptors: Self.spareDescriptors)
        let jobs = JobRunner(on: loop, limit: Self.mostJobs)
        var notifications = Notifier.Settings()
        if let folder {
            notifications.memory = NotificationMemory(path: "\(folder)/notifications", thread: storeThread)
        }
        let notifier = Notifier(
            application: "E-Onay", desktopEntry: "org.eonay.EOnay1", runner: jobs, bus: bus, settings: notifications)
        var parts =
            ServiceParts(
                loop: loop, bus: bus, systemBus: { await Self.openSystemBus(on: loop, log) }, alarm: SystemAlarm(),
                store: store, cards: try CardMonitor(),
                jobs: InstalledJobs(
                    runner: jobs, token: try .token(), courier: try .courier(),
                    isUnit: getenv("INVOCATION_ID") != nil),
                notices: notifier, configuration: configuration,
                texts: texts, log: log,
                version: Release.version)
        (parts.configurationSource, parts.configurationIssues) = (source, issues)
        parts.ownDisplay = SessionDisplay(
            environment: SessionDisplay.variables.compactMap { name in
                getenv(name).map { "\(name)=\(String(cString: $0))" }
            })
        service = Service(parts)
        (self.loop, self.bus, self.jobs, self.notifier, self.log) = (loop, bus, jobs, notifier, log)
    }

    /// Has `handler` called on the loop with the signal that asks the service to end.
    func onSignal(_ handler: @escaping @Sendable (Int32) -> Void) {
        signalHandler.set(handler)
    }

    /// Ends everything, in the order in which one needs the other.
    func close() async {
        await service.stop()
        await notifier.stop()
        await jobs.stop()
        await bus.close()
        storeThread.stop()
    }

    private static func openSystemBus(on loop: EventLoop, _ log: Log) async -> Connection? {
        let bus = Connection(on: loop)
        do {
            try await bus.open(.system)
            return bus
        } catch {
            log.notice("no system bus, so logind cannot tell when the session is active: \(error), continuing")
            return nil
        }
    }
}
